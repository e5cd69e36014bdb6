import { SlowClientError } from "../request/request-error.ts";

/** How patient the server is with a client that sends or reads a body. */
export interface PaceLimits {
  /** No byte for so long ends it. */
  readonly idleTimeoutMs: number;
  /** Slower than this over `windowMs` of waiting for the client ends it; 0 turns this off. */
  readonly minBytesPerSecond: number;
  readonly windowMs: number;
  /** ms; never jumps. */
  readonly monotonicNow: () => number;
}

/** Watches one body. Only time spent waiting for the client counts: our own limits and disk do not make it slow. */
export interface ClientPace {
  /** Waits for the client's next step. Throws SlowClientError. */
  wait<T>(step: Promise<T>): Promise<T>;
  /** The client moved so many bytes. Throws SlowClientError. */
  moved(bytes: number): void;
}

/** A watch over one body. */
export function watchPace({ idleTimeoutMs, minBytesPerSecond, windowMs, monotonicNow }: PaceLimits): ClientPace {
  let waitedMs = 0;
  let movedBytes = 0;
  return {
    async wait(step) {
      const startedMs = monotonicNow();
      let timer: NodeJS.Timeout | undefined;
      const idle = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new SlowClientError(`the client moved no byte for ${idleTimeoutMs / 1000} s`)),
          idleTimeoutMs,
        );
      });
      try {
        return await Promise.race([step, idle]);
      } finally {
        clearTimeout(timer);
        waitedMs += monotonicNow() - startedMs;
      }
    },
    moved(bytes) {
      movedBytes += bytes;
      if (waitedMs < windowMs) return;
      const isSlow = movedBytes * 1000 < minBytesPerSecond * waitedMs;
      waitedMs = 0;
      movedBytes = 0;
      if (isSlow) throw new SlowClientError(`the client is slower than ${minBytesPerSecond} bytes a second`);
    },
  };
}
