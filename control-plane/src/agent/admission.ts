/** How fast something costly is let in. */
export interface AdmissionPolicy {
  readonly perSecond: number;
  /** How many may come at once after a quiet time. */
  readonly burst: number;
  /** Nobody is sent away for longer. */
  readonly maximumWaitSeconds: number;
}

/** What is remembered between requests. */
export interface AdmissionState {
  readonly tokens: number;
  /** Those sent away that have not had their turn yet, as far as can be told. */
  readonly waiting: number;
  readonly atMs: number;
}

/** Nobody has come yet. */
export function initialAdmission(policy: AdmissionPolicy, nowMs: number): AdmissionState {
  return { tokens: policy.burst, waiting: 0, atMs: nowMs };
}

/**
 * Lets a request in, or says after how many seconds it should come again: a token bucket, and a count of those sent away, so that the
 * thousandth of a storm is told a later time than the first. Pure.
 */
export function admit(
  policy: AdmissionPolicy,
  state: AdmissionState,
  nowMs: number,
): { readonly state: AdmissionState; readonly retryAfterSeconds: number | undefined } {
  const elapsed = Math.max(0, nowMs - state.atMs) / 1000;
  const tokens = Math.min(policy.burst, state.tokens + elapsed * policy.perSecond);
  const waiting = Math.max(0, state.waiting - elapsed * policy.perSecond);
  if (tokens >= 1) return { state: { tokens: tokens - 1, waiting, atMs: nowMs }, retryAfterSeconds: undefined };
  const seconds = Math.min(policy.maximumWaitSeconds, Math.max(1, Math.ceil((waiting + 1) / policy.perSecond)));
  return { state: { tokens, waiting: waiting + 1, atMs: nowMs }, retryAfterSeconds: seconds };
}
