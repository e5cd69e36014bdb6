/** Says whether a client may ask again now. */
export interface RequestRate {
  /** 0 when it may; else in how many seconds (at least 1) it may. */
  admit(client: string): number;
}

const maximumClients = 10_000;

/** `perSecond` requests of a client with bursts of twice as many; 0 admits everything. Remembers up to 10,000 clients. `monotonicNow` in ms. */
export function createRequestRate(perSecond: number, monotonicNow: () => number): RequestRate {
  if (perSecond <= 0) return { admit: () => 0 };
  const burst = 2 * perSecond;
  const clients = new Map<string, { tokens: number; seenMs: number }>();
  return {
    admit(client) {
      const nowMs = monotonicNow();
      const known = clients.get(client);
      const tokens = Math.min(burst, known ? known.tokens + ((nowMs - known.seenMs) * perSecond) / 1000 : burst);
      const isAdmitted = tokens >= 1;
      // Deleting first keeps the map in the order of use, so that the first key is the one to forget.
      clients.delete(client);
      clients.set(client, { tokens: isAdmitted ? tokens - 1 : tokens, seenMs: nowMs });
      const oldest = clients.keys().next().value;
      if (clients.size > maximumClients && oldest !== undefined) clients.delete(oldest);
      return isAdmitted ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond));
    },
  };
}
