import { backoffMs } from "../backoff/index.ts";

/** What is remembered between restarts of one child. */
export interface RestartHistory {
  /** Failures in a row, each after a short life. */
  readonly failures: number;
}

const steadyAfterMs = 60_000;
const policy = { baseMs: 500, maximumMs: 30_000 };

/**
 * How long to wait before a child that ended is started again. A child that lived for a minute starts a new count; one that keeps
 * crashing is tried ever more rarely, at least every 30 seconds. Pure; `random` in [0, 1).
 */
export function planRestart(
  history: RestartHistory,
  livedMs: number,
  random: number,
): { readonly delayMs: number; readonly history: RestartHistory } {
  const failures = livedMs >= steadyAfterMs ? 1 : history.failures + 1;
  return { delayMs: backoffMs(failures, policy, random), history: { failures } };
}
