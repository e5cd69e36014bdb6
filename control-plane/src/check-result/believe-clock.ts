/** A sender's clock may be ahead by this much before its instants are not believed. */
export const maximumFutureMs = 60_000;
/** Results may be this old: an agent's spool after a long outage still counts. */
export const maximumAgeMs = 7 * 86_400_000;

export interface BelievedInstant {
  readonly checkedAtMs: number;
  readonly isClockSkewed: boolean;
}

/**
 * Says when a result was measured: the sender's own instant, or the time of receipt when that lies more than a minute ahead or
 * seven days back. nagios4 accepts any instant (seen with +-100,000 s), after which its "last check" lies; here it is clamped and flagged. Pure.
 */
export function believeClock(checkedAtMs: number | undefined, receivedAtMs: number): BelievedInstant {
  if (checkedAtMs === undefined) return { checkedAtMs: receivedAtMs, isClockSkewed: false };
  const isBelieved = checkedAtMs <= receivedAtMs + maximumFutureMs && checkedAtMs >= receivedAtMs - maximumAgeMs;
  return isBelieved ? { checkedAtMs, isClockSkewed: false } : { checkedAtMs: receivedAtMs, isClockSkewed: true };
}
