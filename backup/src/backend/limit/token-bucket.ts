import { setTimeout as delay } from "node:timers/promises";

/** Lets bytes pass at a steady rate. Who asks first goes first. */
export interface TokenBucket {
  /** Resolves when this many more bytes may pass. Rejects with the signal's reason. */
  take(bytes: number, signal?: AbortSignal): Promise<void>;
  /** Bytes in a piece that keeps the flow smooth: a tenth of a second's worth, at most 64 KiB. */
  readonly pieceBytes: number;
}

export interface TokenBucketOptions {
  /** A function is asked each time, for a rate that changes; infinity lets everything pass. */
  readonly bytesPerSecond: number | (() => number);
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * A token bucket that holds a tenth of a second: a pause is not made up for by a burst, which is what people with a thin line fear.
 * Reservations are made at once, so concurrent askers share the rate without a queue.
 */
export function createTokenBucket({
  bytesPerSecond,
  now = performance.now.bind(performance),
  sleep = wait,
}: TokenBucketOptions): TokenBucket {
  const burstMs = 100;
  const rate = typeof bytesPerSecond === "function" ? bytesPerSecond : () => bytesPerSecond;
  let freeAtMs = Number.NEGATIVE_INFINITY;
  return {
    get pieceBytes() {
      return Math.max(1, Math.min(65_536, Math.floor(rate() / 10)));
    },
    async take(bytes, signal) {
      const nowMs = now();
      freeAtMs = Math.max(freeAtMs, nowMs - burstMs) + (bytes / rate()) * 1000;
      const waitMs = freeAtMs - nowMs;
      if (waitMs > 0) await sleep(waitMs, signal);
    },
  };
}

async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, signal ? { signal } : {});
}
