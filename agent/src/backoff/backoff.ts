/** How attempts spread out: the wait grows from `baseMs` and doubles up to `maximumMs`. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly maximumMs: number;
}

/**
 * Milliseconds to wait after `failures` failures in a row (1 = the first). Full jitter: anywhere between `baseMs` and the doubled
 * bound, so that thousands of agents that lost the server together come back spread out. What the server asked for by
 * Retry-After is a lower limit, up to an hour, with up to half of it on top. `random` is in [0, 1). Pure.
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffMs(
  failures: number,
  policy: BackoffPolicy,
  random: number,
  retryAfterSeconds: number | undefined = undefined,
): number {
  const ceiling = Math.min(policy.maximumMs, policy.baseMs * 2 ** Math.min(Math.max(failures, 1), 30));
  const jittered = policy.baseMs + random * Math.max(ceiling - policy.baseMs, 0);
  if (retryAfterSeconds === undefined || !(retryAfterSeconds > 0)) return Math.round(jittered);
  const askedMs = Math.min(retryAfterSeconds, 3600) * 1000;
  return Math.round(Math.max(askedMs + random * askedMs * 0.5, jittered));
}
