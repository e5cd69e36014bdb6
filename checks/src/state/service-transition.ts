import type { Transition, TransitionStart } from "./transition.ts";

/**
 * How a service result moves attempt and state type: nagios4's handle_async_service_check_result, without scheduling.
 *
 * While the host is not UP, a change of the service is HARD at once: retrying a service on a dead host tells nothing,
 * and the host's own problem is what people are told.
 */
export function serviceTransition(
  start: TransitionStart,
  state: number,
  maxCheckAttempts: number,
  isHostUp: boolean,
): Transition {
  const isStateChange = state !== start.state;
  // A definition may have been edited to fewer attempts than have already run.
  let attempt = Math.min(start.attempt, maxCheckAttempts);
  let { isHard, lastHardState, hadHostProblem } = start;
  let isHardStateChange = false;

  if (!isHostUp) hadHostProblem = true;
  else if (state !== 0) {
    // The host is back: what is not yet believed of the service starts anew.
    if (hadHostProblem && !isHard) attempt = 1;
    hadHostProblem = false;
  }
  if (!isHostUp && state !== lastHardState) {
    isHardStateChange = true;
    isHard = true;
    lastHardState = state;
    attempt = maxCheckAttempts;
  }
  if (start.state === 0) {
    attempt = 1;
    if (state === 0) isHard = true;
    else if (!isHardStateChange) isHard = false;
  } else if (!isHard) {
    // A soft recovery counts up as well: CRITICAL SOFT 2 becomes OK SOFT 3.
    attempt = nextSoftAttempt(attempt, maxCheckAttempts, isStateChange && state !== 0);
  }
  if (attempt >= maxCheckAttempts && (state !== lastHardState || (!isHard && state !== 0))) isHardStateChange = true;

  if (isStateChange) isHard = false;
  if (isHardStateChange) {
    isHard = true;
    lastHardState = state;
    if (isStateChange && state === 0) hadHostProblem = false;
  }
  return { isHard, attempt, lastHardState, hadHostProblem, isHardStateChange };
}

function nextSoftAttempt(attempt: number, maxCheckAttempts: number, isOtherProblem: boolean): number {
  if (attempt < maxCheckAttempts) return attempt + 1;
  return isOtherProblem ? 1 : attempt;
}
