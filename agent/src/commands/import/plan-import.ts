import type { ExpandedExport, ExportAnswer, ResourceKind } from "@mycloud/protocol/resource";
import { HostSelector } from "@mycloud/protocol/selector";
import type { ImportedResource } from "../../nagios-import/index.ts";

type Stored = ExpandedExport["resources"][number];

const hashed = /^(.*) [0-9a-f]{8}(?: #\d+)?$/;

/**
 * What to apply so that definitions of an earlier import that are not wanted any more go: kinds whose names the import makes are applied whole,
 * with everything of somebody else's as it is. `stored` has all fields, `written` is the same as files have it. Pure.
 */
export function planImport(
  wanted: readonly ImportedResource[],
  stored: readonly Stored[],
  written: ExportAnswer["resources"],
): { readonly resources: readonly unknown[]; readonly prune: readonly ResourceKind[] } {
  const keys = new Set(wanted.map(keyOf));
  const ours = new Set(
    wanted.flatMap(({ kind, name, spec }) =>
      kind === "Check" || kind === "Service" ? [spec.serviceName ?? name] : [],
    ),
  );
  const hosts = new Set(wanted.flatMap(({ kind, name }) => (kind === "Host" ? [name] : [])));
  const prune = ["Check", "Service", "Dependency", "EventHandler", "NotificationRule"] as const;
  const checked = new Set(wanted.flatMap(checkedServices));
  const others = stored.filter((resource) => {
    if (!prune.some((kind) => kind === resource.kind) || keys.has(keyOf(resource))) return false;
    // A passive service of a name that a check has now would stand in its way.
    if (resource.kind === "Service") return !checked.has(`${resource.host}/${resource.name}`);
    return !isOfImport(resource, ours, hosts);
  });
  const files = new Map(written.map((resource) => [keyOf(resource), resource]));
  return { resources: [...wanted, ...others.map((resource) => files.get(keyOf(resource)) ?? resource)], prune };
}

function keyOf(resource: { readonly kind: string; readonly name: string; readonly host?: string | undefined }): string {
  return `${resource.kind} ${resource.host === undefined ? "" : `${resource.host}/`}${resource.name}`;
}

function checkedServices({ kind, name, spec }: ImportedResource): string[] {
  const selector = kind === "Check" ? HostSelector.safeParse(spec.selector) : undefined;
  return (selector?.data?.hosts ?? []).map((host) => `${host}/${String(spec.serviceName ?? name)}`);
}

/** Whether an import made it: by its name, or a check of a service that is imported under another name now. */
function isOfImport(resource: Stored, serviceNames: ReadonlySet<unknown>, hosts: ReadonlySet<string>): boolean {
  if (resource.kind !== "Check") return resource.name.startsWith("nagios ") && hashed.test(resource.name);
  const { serviceName, command, selector } = resource.spec;
  const isOnItsHosts = selector.hosts?.every((host) => hosts.has(host)) === true;
  if (command !== "external" || !isOnItsHosts) return false;
  return hashed.exec(resource.name)?.[1] === (serviceName ?? "") || serviceNames.has(serviceName ?? resource.name);
}
