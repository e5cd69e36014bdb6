import { setTimeout as delay } from "node:timers/promises";

/** Lets bytes pass at a rate. */
export interface TokenBucket {
  /** Resolves when `bytes` may pass; callers are served in the order of their calls. Rejects when `signal` aborts. */
  take(bytes: number, signal?: AbortSignal): Promise<void>;
}

/** A bucket of `bytesPerSecond` with a burst of a quarter of a second; 0 lets everything pass. `monotonicNow` in ms. */
export function createTokenBucket(bytesPerSecond: number, monotonicNow: () => number): TokenBucket {
  if (bytesPerSecond <= 0) return { take: async () => {} };
  const burst = bytesPerSecond / 4;
  let available = burst;
  let refilledMs = monotonicNow();
  return {
    async take(bytes, signal) {
      const nowMs = monotonicNow();
      available = Math.min(burst, available + ((nowMs - refilledMs) * bytesPerSecond) / 1000);
      refilledMs = nowMs;
      // Going into debt at once and waiting it off keeps the order and lets a piece be larger than the burst.
      available -= bytes;
      if (available >= 0) return;
      await delay((-available * 1000) / bytesPerSecond, undefined, { ...(signal && { signal }), ref: true });
    },
  };
}
