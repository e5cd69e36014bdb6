import type { Transition, TransitionStart } from "./transition.ts";

/**
 * How a host result moves attempt and state type: nagios4's handle_async_host_check_result, without scheduling and
 * without looking at parents. `isBelievedAtOnce` is set for passive results unless the policy makes them soft.
 */
export function hostTransition(
  start: TransitionStart,
  state: number,
  maxCheckAttempts: number,
  isBelievedAtOnce: boolean,
): Transition {
  const isStateChange = state !== start.state;
  // A problem made HARD by one passive result has had all its attempts. nagios4 forgets that, and then takes an active
  // result that differs, or the recovery, for a SOFT one that nobody is told of.
  const hasHadAllAttempts = start.isHard && start.state !== 0 && !isBelievedAtOnce;
  let attempt = hasHadAllAttempts ? maxCheckAttempts : Math.min(start.attempt, maxCheckAttempts);
  let { isHard, lastHardState } = start;
  let isHardStateChange = false;

  if (start.state === 0) {
    isHard = state === 0;
    attempt = 1;
  } else if (state === 0) {
    isHardStateChange = isHard;
    attempt = 1;
  } else if (!isHard) {
    if (attempt < maxCheckAttempts) attempt += 1;
    else if (isStateChange) attempt = 1;
  }
  if (attempt >= maxCheckAttempts && state !== lastHardState) isHardStateChange = true;

  if (isBelievedAtOnce) {
    // nagios4 looks at the state change alone: a passive DOWN after an active SOFT one turns HARD there without an alert.
    if (isStateChange || !isHard) {
      attempt = 1;
      isHardStateChange = true;
    }
    isHard = true;
  }
  if (isStateChange) isHard = false;
  if (isHardStateChange) {
    isHard = true;
    lastHardState = state;
  }
  return { isHard, attempt, lastHardState, hadHostProblem: false, isHardStateChange };
}
