import type { Service } from "@mycloud/protocol/service";

const urgency = { CRITICAL: 0, UNKNOWN: 1, STALE: 2, WARNING: 3, PENDING: 4, OK: 5 } as const satisfies Record<
  Service["state"],
  number
>;

/** Orders a host's services: the worst state first, then by name. */
export function compareByState(a: Pick<Service, "state" | "name">, b: Pick<Service, "state" | "name">): number {
  return urgency[a.state] - urgency[b.state] || a.name.localeCompare(b.name);
}
