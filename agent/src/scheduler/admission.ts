import { createTimePeriods } from "@mycloud/checks/time-period";
import type { AgentConfiguration, ScheduledCheck } from "@mycloud/protocol/agent";
import { hostCheckKey, keyOf, nextOnGrid } from "./grid.ts";

/** When a check that is due at `atMs` may run: then, or the later instant at which it is to be looked at again. */
export type Admission = (check: ScheduledCheck, atMs: number) => number;

/** Everything may run whenever it is due. */
export const admitAll: Admission = (_check, atMs) => atMs;

/** A check whose period never comes is looked at again after this. */
const neverMs = 3_600_000;

/**
 * What a configuration allows: no check that something it depends on holds back, and none outside its period. When a period begins, its checks keep
 * the places they have within their intervals, so that they do not all begin at once. Pure.
 */
export function createAdmission(
  configuration: Pick<AgentConfiguration, "heldServiceIds" | "heldHostIds" | "timePeriods">,
): Admission {
  const held = new Set([
    ...(configuration.heldServiceIds ?? []),
    ...(configuration.heldHostIds ?? []).map(hostCheckKey),
  ]);
  const periods = createTimePeriods(configuration.timePeriods ?? []);
  return (check, atMs) => {
    if (held.has(keyOf(check))) return nextOnGrid(check, atMs);
    const period = check.checkPeriod ?? null;
    const startMs = periods.nextStart(period, atMs);
    if (startMs === null) return atMs + neverMs;
    if (startMs === atMs) return atMs;
    const ownPlaceMs = nextOnGrid(check, startMs - 1);
    return periods.isInside(period, ownPlaceMs) ? ownPlaceMs : startMs;
  };
}
