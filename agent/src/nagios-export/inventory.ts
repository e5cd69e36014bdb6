import type { ExpandedExport, TemplatedDefinition } from "@mycloud/protocol/resource";
import { matchesService, type SelectableHost, type ServiceSelector } from "@mycloud/protocol/selector";

export type Resource = ExpandedExport["resources"][number];
export type ResourceOf<Kind extends Resource["kind"]> = Extract<Resource, { kind: Kind }>;

/** A service as it stands on a host. */
export interface InventoryService {
  readonly hostName: string;
  readonly name: string;
  readonly checkName: string | null;
}

/** Everything an export is made of: definitions, the hosts as selectors see them, and the services there are. */
export interface Inventory {
  readonly resources: readonly Resource[];
  readonly hosts: readonly SelectableHost[];
  readonly services: readonly InventoryService[];
  /** Definitions that use templates, by `keyOf`: `spec` is what they say themselves. */
  readonly templated: ReadonlyMap<string, TemplatedDefinition>;
  readonly remarks: { add(what: string, why: string): void };
}

/** `Host web1`, `Check disk`, `Service web1/disk`. Pure. */
export function keyOf({ kind, name, host }: { kind: string; name: string; host?: string | undefined }): string {
  return `${kind} ${host === undefined ? "" : `${host}/`}${name}`;
}

/** The definitions of one kind. Pure. */
export function ofKind<Kind extends Resource["kind"]>(inventory: Inventory, kind: Kind): ResourceOf<Kind>[] {
  return inventory.resources.filter((resource): resource is ResourceOf<Kind> => resource.kind === kind);
}

/** The services a selector covers, and with `withHosts` the hosts themselves, as `service: null`. Pure. */
export function covered(
  selector: ServiceSelector,
  { hosts, services }: Inventory,
): { host: string; service: string | null }[] {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const own = hosts
    .filter((host) => matchesService(selector, host, undefined))
    .map(({ name }) => ({ host: name, service: null }));
  const theirs = services.flatMap(({ hostName, name }) => {
    const host = byName.get(hostName);
    return host !== undefined && matchesService(selector, host, name) ? [{ host: hostName, service: name }] : [];
  });
  return [...own, ...theirs];
}
