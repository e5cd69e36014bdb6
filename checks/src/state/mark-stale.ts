import type { Outcome } from "./accept-result.ts";
import { type MonitoredKind, type MonitoredState, shownState } from "./monitored-state.ts";

/**
 * Marks an object whose results stopped coming; the next result clears it. What was last known stays behind the mark,
 * so that a CRITICAL that goes quiet and comes back CRITICAL is still the same problem. No event when already stale.
 */
export function markStale(
  kind: MonitoredKind,
  previous: MonitoredState,
  nowMs: number,
  policy: { readonly maxCheckAttempts: number },
): Outcome {
  if (previous.isStale) return { state: previous, events: [] };
  const state = { ...previous, isStale: true };
  const event = {
    kind: "stale-start",
    fromState: shownState(kind, previous),
    toState: "STALE",
    // Nothing is retried: that no result came is already certain.
    isHard: true,
    attempt: previous.attempt,
    maxCheckAttempts: policy.maxCheckAttempts,
    isRecovery: false,
    percentStateChange: previous.percentStateChange,
    atMs: nowMs,
  } as const;
  return { state, events: [event] };
}
