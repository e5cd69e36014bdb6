import { matchesHost } from "@mycloud/protocol/selector";
import type { PlannedCheck, PlannedHost, ServiceConflict } from "./plan-services.ts";

/** The check that tells whether a host is UP, as stored. `claimant` is set when it is of a check that is not planned now. */
export interface StoredHostCheck {
  readonly hostId: number;
  readonly checkId: number;
  readonly claimant: string | null;
}

/** What has to change so that every host has the one host check that matches it. */
export interface HostCheckPlan {
  readonly set: readonly { readonly hostId: number; readonly checkId: number }[];
  /** Hosts that have none any more. */
  readonly clear: readonly number[];
  readonly conflicts: readonly ServiceConflict[];
}

/**
 * Computes which check tells of each host whether it is UP. Of several that match, the one that was there first stays, then the earlier one; the others are
 * conflicts. Pure.
 */
export function planHostChecks(
  checks: readonly PlannedCheck[],
  hosts: readonly PlannedHost[],
  stored: readonly StoredHostCheck[],
): HostCheckPlan {
  const ofHosts = checks.filter((check) => check.target === "host");
  const present = new Map(stored.map((one) => [one.hostId, one]));
  const set: { hostId: number; checkId: number }[] = [];
  const clear: number[] = [];
  const conflicts: ServiceConflict[] = [];
  for (const host of hosts) {
    const matching = ofHosts.filter((check) => matchesHost(check.selector, host));
    const before = present.get(host.id);
    const holder = matching.find((check) => check.id === before?.checkId) ?? matching[0];
    const others = matching.filter((check) => check !== holder).map((check) => `check "${check.name}"`);
    if (before !== undefined && before.claimant !== null) {
      for (const check of matching) conflicts.push(conflictOf(host, before.claimant, `check "${check.name}"`));
      continue;
    }
    for (const other of others) conflicts.push(conflictOf(host, `check "${holder?.name}"`, other));
    if (holder === undefined) {
      if (before !== undefined) clear.push(host.id);
    } else if (holder.id !== before?.checkId) set.push({ hostId: host.id, checkId: holder.id });
  }
  return { set, clear, conflicts };
}

function conflictOf({ name }: PlannedHost, first: string, second: string): ServiceConflict {
  return { hostName: name, serviceName: null, claimants: [first, second] };
}
