import { ResourceDefinition, type ResourceKind } from "@mycloud/protocol/resource";
import { HostSelector } from "@mycloud/protocol/selector";
import { type Exported, parseAnswer } from "../../client/index.ts";
import type { ImportedResource } from "../../nagios-import/index.ts";

const hashed = /^(.*) [0-9a-f]{8}(?: #\d+)?$/;

/** Kinds whose names an import makes: they are applied whole, so that what an earlier import made and is not wanted any more goes. */
export const importedKinds = [
  "Check",
  "Service",
  "Dependency",
  "EventHandler",
  "NotificationRule",
] as const satisfies readonly ResourceKind[];

/**
 * What to apply with an import: what is wanted, and of what is stored, told one after the other, everything of somebody else's as it is. Keeps no more of what is
 * stored than that. Throws CommandError for a check or the like that this program does not understand.
 */
export async function planImport(
  wanted: readonly ImportedResource[],
  stored: AsyncIterable<Exported>,
): Promise<{ readonly resources: readonly unknown[]; readonly prune: readonly ResourceKind[] }> {
  const keys = new Set(wanted.map(keyOf));
  const ours = new Set(
    wanted.flatMap(({ kind, name, spec }) =>
      kind === "Check" || kind === "Service" ? [spec.serviceName ?? name] : [],
    ),
  );
  const hosts = new Set(wanted.flatMap(({ kind, name }) => (kind === "Host" ? [name] : [])));
  const checked = new Set(wanted.flatMap(checkedServices));
  const others: unknown[] = [];
  for await (const { definition, written } of stored) {
    if (!importedKinds.some((kind) => kind === definition.kind) || keys.has(keyOf(definition))) continue;
    const resource = parseAnswer(ResourceDefinition, definition);
    // A passive service of a name that a check has now would stand in its way.
    const isOthers =
      resource.kind === "Service"
        ? !checked.has(`${resource.host}/${resource.name}`)
        : !isOfImport(resource, ours, hosts);
    if (isOthers) others.push(written);
  }
  return { resources: [...wanted, ...others], prune: importedKinds };
}

function keyOf(resource: { readonly kind: string; readonly name: string; readonly host?: string | undefined }): string {
  return `${resource.kind} ${resource.host === undefined ? "" : `${resource.host}/`}${resource.name}`;
}

function checkedServices({ kind, name, spec }: ImportedResource): string[] {
  const selector = kind === "Check" ? HostSelector.safeParse(spec.selector) : undefined;
  return (selector?.data?.hosts ?? []).map((host) => `${host}/${String(spec.serviceName ?? name)}`);
}

/** Whether an import made it: by its name, or a check of a service that is imported under another name now. */
function isOfImport(
  resource: ResourceDefinition,
  serviceNames: ReadonlySet<unknown>,
  hosts: ReadonlySet<string>,
): boolean {
  if (resource.kind !== "Check") return resource.name.startsWith("nagios ") && hashed.test(resource.name);
  const { serviceName, command, selector } = resource.spec;
  const isOnItsHosts = selector.hosts?.every((host) => hosts.has(host)) === true;
  if (command !== "external" || !isOnItsHosts) return false;
  return hashed.exec(resource.name)?.[1] === (serviceName ?? "") || serviceNames.has(serviceName ?? resource.name);
}
