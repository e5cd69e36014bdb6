/** What a computed check says. `output` is as a plugin prints it, perfdata behind a `|`. */
export interface ComputedResult {
  readonly state: 0 | 1 | 2 | 3;
  readonly output: string;
}

/** What a computed check last submitted and when it is to submit again, changed or not. */
export interface ComputedPace {
  readonly result: ComputedResult;
  /** Equal bad results in a row, up to max check attempts. The state machine is the authority; this only paces. */
  readonly attempt: number;
  readonly dueAtMs: number;
}

/** The times of a check that is computed. */
export interface ComputedTimes {
  readonly checkIntervalMs: number;
  readonly retryIntervalMs: number;
  readonly maxCheckAttempts: number;
}

/** The pace after a result at `nowMs`, or null when it is not to be submitted: its state is the same, and its interval has not passed. Pure. */
export function nextPace(
  times: ComputedTimes,
  previous: ComputedPace | undefined,
  result: ComputedResult,
  nowMs: number,
): ComputedPace | null {
  const isSameState = previous?.result.state === result.state;
  const isDue = previous === undefined || nowMs >= previous.dueAtMs;
  // A result that only reads differently is no attempt of its own: it waits for its time.
  if (isSameState && !isDue) return null;
  const before = isSameState ? (previous?.attempt ?? 0) : 0;
  const attempt = result.state === 0 ? 0 : Math.min(before + 1, times.maxCheckAttempts);
  const isSoft = attempt > 0 && attempt < times.maxCheckAttempts;
  return { result, attempt, dueAtMs: nowMs + (isSoft ? times.retryIntervalMs : times.checkIntervalMs) };
}
