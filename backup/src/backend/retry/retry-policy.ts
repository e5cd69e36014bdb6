export interface RetryPolicy {
  /** How long a call may keep failing, from its first failure, before it fails for good. 0 never repeats. */
  readonly totalMs: number;
  readonly firstWaitMs: number;
  readonly maximumWaitMs: number;
}

/**
 * Milliseconds to wait before the next attempt, or null when it is time to give up. Doubles from `firstWaitMs` up to `maximumWaitMs`, and
 * anywhere between half of that and all of it, so that clients that lost a server together come back spread out. Where the storage asked
 * for a time (`Retry-After`) it is at least that. `attempt` counts from 1, `random` is in [0, 1). Pure.
 */
export function retryWaitMs(
  attempt: number,
  failingForMs: number,
  policy: RetryPolicy,
  random: number,
  retryAfterSeconds: number | null,
): number | null {
  const leftMs = policy.totalMs - failingForMs;
  if (leftMs <= 0) return null;
  const ceilingMs = Math.min(policy.maximumWaitMs, policy.firstWaitMs * 2 ** Math.min(attempt - 1, 30));
  const waitMs = ceilingMs * (0.5 + random / 2);
  const askedMs = (retryAfterSeconds ?? 0) * 1000 * (1 + random * 0.25);
  // The last attempt is made when the time is over, not before.
  return Math.min(Math.max(waitMs, askedMs), leftMs);
}
