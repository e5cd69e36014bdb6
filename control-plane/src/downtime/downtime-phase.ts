import type { DowntimePhase } from "@mycloud/protocol/downtime";

/** The instants a phase follows from, ms UTC. */
export interface DowntimeInstants {
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly cancelledAtMs: number | null;
}

/** Where a downtime stands at an instant: quiet from its start on, no longer at its end. Pure. */
export function downtimePhase({ startAtMs, endAtMs, cancelledAtMs }: DowntimeInstants, nowMs: number): DowntimePhase {
  if (cancelledAtMs !== null) return "cancelled";
  if (nowMs < startAtMs) return "pending";
  return nowMs < endAtMs ? "active" : "expired";
}
