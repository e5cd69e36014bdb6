import type { Outcome } from "./accept-result.ts";
import { type MonitoredState, shownHostState } from "./monitored-state.ts";

const DOWN = 1;
const UNREACHABLE = 2;

/**
 * Calls a host that is not UP by its right name after one of its parents changed: UNREACHABLE while none of them is UP, DOWN otherwise. State type,
 * attempt and flapping stay what they were, for no result came. No event when the name was right, or the host is UP or stale.
 */
export function changeReachability(
  previous: MonitoredState,
  isReachable: boolean,
  nowMs: number,
  policy: { readonly maxCheckAttempts: number },
): Outcome {
  const state = isReachable ? DOWN : UNREACHABLE;
  if (previous.state === 0 || previous.state === state || previous.isStale) return { state: previous, events: [] };
  const next = {
    ...previous,
    state,
    lastHardState: previous.isHard ? state : previous.lastHardState,
    lastStateChangeAtMs: nowMs,
    lastHardStateChangeAtMs: previous.isHard ? nowMs : previous.lastHardStateChangeAtMs,
  };
  const event = {
    kind: "state",
    fromState: shownHostState(previous),
    toState: shownHostState(next),
    isHard: previous.isHard,
    attempt: previous.attempt,
    maxCheckAttempts: policy.maxCheckAttempts,
    isRecovery: false,
    percentStateChange: previous.percentStateChange,
    atMs: nowMs,
  } as const;
  return { state: next, events: [event] };
}
