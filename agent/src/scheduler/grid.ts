import type { ScheduledCheck } from "@mycloud/protocol/agent";

/** A check that has just appeared first runs within this time, so that nobody waits an hour for the first result. */
export const firstRunWithinMs = 8_000;

/** A stable 32-bit hash of an id (the finaliser of MurmurHash3): neighbours land far apart. */
function hash(id: number): number {
  let value = id >>> 0;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** What a check is known by on this agent: its service's id, or for a host check its host's id below zero, which no service has. */
export function keyOf(check: Pick<ScheduledCheck, "serviceId" | "hostId">): number {
  return check.serviceId ?? hostCheckKey(check.hostId ?? 0);
}

/** The key of a host's own check. */
export function hostCheckKey(hostId: number): number {
  return -hostId;
}

/** Where a service stands in an interval of the given length, in milliseconds: 0 <= splay < interval. */
export function splayMs(serviceId: number, intervalMs: number): number {
  return Math.floor((hash(serviceId) / 2 ** 32) * intervalMs);
}

/** The first grid point of a check after `afterMs`: the same on every agent, so that a prober that takes over keeps the places. */
export function nextOnGrid(
  check: Pick<ScheduledCheck, "serviceId" | "hostId" | "checkIntervalSeconds">,
  afterMs: number,
): number {
  const intervalMs = check.checkIntervalSeconds * 1000;
  const phase = splayMs(keyOf(check), intervalMs);
  return Math.floor((afterMs - phase) / intervalMs) * intervalMs + phase + intervalMs;
}

/** How many grid points lie in (afterMs, untilMs]. */
export function gridPointsBetween(check: ScheduledCheck, afterMs: number, untilMs: number): number {
  if (untilMs <= afterMs) return 0;
  const next = nextOnGrid(check, afterMs);
  return next > untilMs ? 0 : 1 + Math.floor((untilMs - next) / (check.checkIntervalSeconds * 1000));
}

/** When a check that has just appeared runs for the first time: soon, spread by service. */
export function firstRun(check: ScheduledCheck, nowMs: number): number {
  return nowMs + splayMs(keyOf(check), Math.min(firstRunWithinMs, check.checkIntervalSeconds * 1000));
}
