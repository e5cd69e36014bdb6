import { createHash } from "node:crypto";

/** Words that mean something in an address of the storage server. */
const reserved = new Set([
  ...["config", "data", "index", "keys", "locks", "snapshots", "holds"],
  ...["wanted", "scrub", "status", "events", "metrics", "healthz", "readyz"],
]);
const maximumLength = 60;

/**
 * Where a repository lies on its storage server: customer (`-` for the operator's own), host, policy. A name that is no part of a path there is
 * written with `_`, and with eight digits of its SHA-256, so that two names never share a place. Pure.
 */
export function repositoryPath(customer: string | null, hostName: string, policyName: string): string {
  return [customer ?? "-", segmentOf(hostName), segmentOf(policyName)].join("/");
}

function segmentOf(name: string): string {
  const written = name.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^\./, "_");
  if (written === name && name.length <= maximumLength && !reserved.has(name)) return name;
  const digits = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${written.slice(0, maximumLength - 9)}-${digits}`;
}
