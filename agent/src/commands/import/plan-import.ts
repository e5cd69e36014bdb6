import type { ExportAnswer, ResourceKind } from "@mycloud/protocol/resource";
import type { ImportedResource } from "../../nagios-import/index.ts";

type Stored = ExportAnswer["resources"][number];

const hashed = /^(.*) [0-9a-f]{8}(?: #\d+)?$/;

/**
 * What to apply so that definitions of an earlier import that are not wanted any more go: kinds whose names the import makes are applied whole,
 * with everything of somebody else's as it is. Pure.
 */
export function planImport(
  wanted: readonly ImportedResource[],
  stored: readonly Stored[],
): { readonly resources: readonly unknown[]; readonly prune: readonly ResourceKind[] } {
  const keys = new Set(wanted.map(({ kind, name }) => `${kind} ${name}`));
  const serviceNames = new Set(
    wanted.flatMap(({ kind, name, spec }) => (kind === "Check" ? [spec.serviceName ?? name] : [])),
  );
  const hosts = new Set(wanted.flatMap(({ kind, name }) => (kind === "Host" ? [name] : [])));
  const prune = ["Check", "Dependency", "EventHandler", "NotificationRule"] as const;
  const others = stored.filter((resource) => {
    if (!prune.some((kind) => kind === resource.kind) || keys.has(`${resource.kind} ${resource.name}`)) return false;
    return !isOfImport(resource, serviceNames, hosts);
  });
  return { resources: [...wanted, ...others], prune };
}

/** Whether an import made it: by its name, or a check of a service that is imported under another name now. */
function isOfImport(resource: Stored, serviceNames: ReadonlySet<unknown>, hosts: ReadonlySet<string>): boolean {
  if (resource.kind !== "Check") return resource.name.startsWith("nagios ") && hashed.test(resource.name);
  const { serviceName, command, selector } = resource.spec;
  const isOnItsHosts = selector.hosts?.every((host) => hosts.has(host)) === true;
  if (command !== "external" || !isOnItsHosts) return false;
  return hashed.exec(resource.name)?.[1] === (serviceName ?? "") || serviceNames.has(serviceName ?? resource.name);
}
