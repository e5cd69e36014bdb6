import { toReturnCode } from "../plugin-api/return-code.ts";
import type { CheckPolicy } from "./check-policy.ts";
import { isFlappingAt, percentStateChange, recordState, STEADY_HISTORY } from "./flapping.ts";
import { hostTransition } from "./host-transition.ts";
import type { MonitoredKind, MonitoredState } from "./monitored-state.ts";
import { shownState } from "./monitored-state.ts";
import { serviceTransition } from "./service-transition.ts";
import type { StateEvent } from "./state-event.ts";
import type { Transition } from "./transition.ts";

/** A check result as the state machine reads it. */
export interface StateResult {
  /** A service: 0 to 3, anything else is UNKNOWN. A passive host result: 0 UP, 2 UNREACHABLE, anything else DOWN. */
  readonly returnCode: number;
  readonly checkedAtMs: number;
  readonly isPassive: boolean;
  /** Whether the service's host is UP, believed or not; taken as true when left out. Ignored for hosts. */
  readonly isHostUp?: boolean;
  /**
   * False when a host is found not UP while every parent it is reached through is not UP either: DOWN then is UNREACHABLE. Left out for results
   * that are taken as they were sent (Nagios: translate_passive_host_checks off). Ignored for services.
   */
  readonly isReachable?: boolean;
}

/** The next state and what happened on the way there, in the order in which it happened. */
export interface Outcome {
  readonly state: MonitoredState;
  readonly events: readonly StateEvent[];
}

const NO_EVENTS: readonly StateEvent[] = Object.freeze([]);

/**
 * What a result makes of what was known before. Results count in the order in which they are handed in, whatever their
 * times say, as in nagios. Pure and allocation-light: it runs for every result of every host.
 *
 *     const { state, events } = acceptResult("service", PENDING_STATE, result, policy);
 */
export function acceptResult(
  kind: MonitoredKind,
  previous: MonitoredState,
  result: StateResult,
  policy: CheckPolicy,
): Outcome {
  const state = kind === "host" ? hostStateCode(result) : toReturnCode(result.returnCode);
  const isStateChange = state !== previous.state;
  const transition =
    kind === "host"
      ? hostTransition(previous, state, policy.maxCheckAttempts, isBelievedAtOnce(result, policy))
      : serviceTransition(previous, state, policy.maxCheckAttempts, result.isHostUp ?? true);

  // A service's SOFT problems do not count for flapping: a blip that a retry cures is no change of state.
  const isCounted = kind === "host" || transition.isHard || state === 0;
  const flapHistory = isCounted ? recordFlapState(previous.flapHistory, state) : previous.flapHistory;
  const percent = flapHistory === previous.flapHistory ? previous.percentStateChange : percentStateChange(flapHistory);
  const isFlapping = isCounted ? isFlappingAt(percent, previous.isFlapping, policy.flapping) : previous.isFlapping;

  const isRecovery = isStateChange && state === 0;
  // A service that recovers, softly or not, rests in OK HARD 1; only the event tells how it got there.
  const isAtRest = isRecovery && kind === "service";
  const isHardChange = transition.isHardStateChange || isAtRest;
  const isFirst = !previous.hasBeenChecked;
  const { checkedAtMs } = result;
  const next: MonitoredState = {
    state,
    isHard: isAtRest || transition.isHard,
    attempt: isAtRest ? 1 : transition.attempt,
    hasBeenChecked: true,
    isStale: false,
    lastHardState: isAtRest ? 0 : transition.lastHardState,
    hadHostProblem: transition.hadHostProblem,
    flapHistory,
    percentStateChange: percent,
    isFlapping,
    lastCheckAtMs: checkedAtMs,
    lastOkAtMs: state === 0 ? checkedAtMs : previous.lastOkAtMs,
    // Unlike nagios4, whose last_state_change also moves when a SOFT state becomes HARD without changing.
    lastStateChangeAtMs: isStateChange || isFirst ? checkedAtMs : previous.lastStateChangeAtMs,
    lastHardStateChangeAtMs: isHardChange || isFirst ? checkedAtMs : previous.lastHardStateChangeAtMs,
  };

  const isReported = isStateChange || transition.isHardStateChange || isUncertain(kind, transition, state);
  if (!isReported && !previous.isStale && isFlapping === previous.isFlapping) return { state: next, events: NO_EVENTS };
  return { state: next, events: describeEvents(kind, previous, next, transition, policy, isReported) };
}

/** Every attempt of a SOFT problem is an event of its own, as with nagios' log_service_retries and log_host_retries. */
function isUncertain(kind: MonitoredKind, transition: Transition, state: number): boolean {
  return !transition.isHard && (kind === "host" || state !== 0);
}

function describeEvents(
  kind: MonitoredKind,
  previous: MonitoredState,
  next: MonitoredState,
  transition: Transition,
  policy: CheckPolicy,
  isReported: boolean,
): StateEvent[] {
  const toState = shownState(kind, next);
  const base = {
    fromState: toState,
    toState,
    isHard: transition.isHard,
    attempt: transition.attempt,
    maxCheckAttempts: policy.maxCheckAttempts,
    isRecovery: false,
    percentStateChange: next.percentStateChange,
    atMs: next.lastCheckAtMs ?? 0,
  };
  const events: StateEvent[] = [];
  if (previous.isStale) events.push({ ...base, kind: "stale-stop", fromState: "STALE" });
  // Before the change itself, as in nagios: the change that starts the flapping is already one of a flapping object.
  if (next.isFlapping !== previous.isFlapping) {
    events.push({ ...base, kind: next.isFlapping ? "flapping-start" : "flapping-stop" });
  }
  if (isReported) {
    const fromState = shownState(kind, { ...previous, isStale: false });
    events.push({ ...base, kind: "state", fromState, isRecovery: previous.state !== 0 && next.state === 0 });
  }
  return events;
}

function recordFlapState(history: string, state: number): string {
  return state === 0 && history === STEADY_HISTORY ? history : recordState(history, state);
}

function isBelievedAtOnce(result: StateResult, policy: CheckPolicy): boolean {
  return result.isPassive && policy.passiveHostChecksAreSoft !== true;
}

/** An active host result is a plugin's return code, of which WARNING still means UP (nagios: use_aggressive_host_checking off). */
function hostStateCode(result: StateResult): number {
  const { returnCode, isPassive } = result;
  if (returnCode === 0 || (returnCode === 1 && !isPassive)) return 0;
  return (returnCode === 2 && isPassive) || result.isReachable === false ? 2 : 1;
}
