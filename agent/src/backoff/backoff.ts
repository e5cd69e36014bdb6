/** How attempts spread out: the wait grows from `baseMs` and doubles up to `maximumMs`. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly maximumMs: number;
}

/**
 * Milliseconds to wait after `failures` failures in a row (1 = the first). Full jitter: anywhere between `baseMs` and the doubled
 * bound, so that thousands of agents that lost the server together come back spread out. Where the server asked for a time by
 * Retry-After (up to an hour) it decides, since it knows the queue: that long, and up to half of it on top. `random` is in [0, 1). Pure.
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffMs(
  failures: number,
  policy: BackoffPolicy,
  random: number,
  retryAfterSeconds: number | undefined = undefined,
): number {
  if (retryAfterSeconds !== undefined && retryAfterSeconds > 0) {
    const askedMs = Math.min(retryAfterSeconds, 3600) * 1000;
    return Math.round(Math.max(askedMs * (1 + random * 0.5), policy.baseMs));
  }
  const ceiling = Math.min(policy.maximumMs, policy.baseMs * 2 ** Math.min(Math.max(failures, 1), 30));
  return Math.round(policy.baseMs + random * Math.max(ceiling - policy.baseMs, 0));
}
