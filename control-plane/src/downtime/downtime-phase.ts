import type { DowntimePhase } from "@mycloud/protocol/downtime";
import { type DowntimeTimes, spanOfAll } from "./downtime-effect.ts";

/** What a phase follows from; instants in ms UTC. */
export interface DowntimeProgress extends Omit<DowntimeTimes, "activations"> {
  readonly cancelledAtMs: number | null;
  /** For how many objects a flexible one is in effect. */
  readonly activeObjects: number;
}

/** Where a downtime stands at an instant: quiet from its start on, no longer at its end. Pure. */
export function downtimePhase(downtime: DowntimeProgress, nowMs: number): DowntimePhase {
  const { cancelledAtMs, activeObjects, endAtMs } = downtime;
  if (cancelledAtMs !== null) return "cancelled";
  const span = spanOfAll({ ...downtime, activations: new Map() });
  if (span !== null) {
    if (nowMs < span.fromMs) return "pending";
    return nowMs < span.untilMs ? "active" : "expired";
  }
  if (activeObjects > 0) return "active";
  return nowMs < endAtMs ? "pending" : "expired";
}
