import { type BackoffPolicy, backoffMs } from "../backoff/index.ts";
import type { Failure } from "../transport/index.ts";

/** How patient a loop is. */
export interface Patience {
  readonly backoff: BackoffPolicy;
  /** An agent that is refused (revoked, unknown) knocks this rarely. */
  readonly refusedBackoff: BackoffPolicy;
  /** In [0, 1). */
  readonly random: () => number;
  /** Resolves after so many milliseconds, or at once when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How long to wait after `failures` failures in a row, the last being `failure`. */
export function waitMs(patience: Patience, failures: number, failure: Failure): number {
  const policy = failure.kind === "refused" ? patience.refusedBackoff : patience.backoff;
  return backoffMs(failures, policy, patience.random(), failure.retryAfterSeconds);
}

export interface RetryLoop {
  /** There is something to do. */
  wake(): void;
  /** The server is known to be back: do not wait out a back-off. */
  retryNow(): void;
  /** Resolves when there is nothing left to do or an attempt has failed. */
  settled(): Promise<void>;
}

/** What a loop needs from outside. */
export interface RetryLoopOptions {
  /** Does one piece of work. Never throws. */
  readonly attempt: () => Promise<"again" | "idle" | Failure>;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** Starts a loop that runs until the signal fires. It begins by looking for work. */
export function startRetryLoop(options: RetryLoopOptions): RetryLoop {
  const { attempt, patience, signal } = options;
  let isWoken = true;
  let isBusy = true;
  let endWait: () => void = () => undefined;
  let endBackoff: () => void = () => undefined;
  let tellSettled: (() => void)[] = [];
  signal.addEventListener("abort", () => endWait(), { once: true });

  function settle(): void {
    isBusy = false;
    for (const tell of tellSettled) tell();
    tellSettled = [];
  }

  async function waitUntilWoken(): Promise<void> {
    if (!isWoken) {
      const { promise, resolve } = Promise.withResolvers<void>();
      endWait = resolve;
      await promise;
    }
    isWoken = false;
    isBusy = true;
  }

  async function waitOut(failures: number, failure: Failure): Promise<void> {
    const ended = new AbortController();
    const end = () => ended.abort();
    endBackoff = end;
    signal.addEventListener("abort", end, { once: true });
    await patience.sleep(waitMs(patience, failures, failure), ended.signal);
    signal.removeEventListener("abort", end);
    endBackoff = () => undefined;
    isBusy = true;
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const outcome = await attempt();
      if (signal.aborted) break;
      if (outcome === "again") {
        failures = 0;
      } else if (outcome === "idle") {
        failures = 0;
        // Woken while the attempt was under way: what came in may have come too late for it.
        if (!isWoken) settle();
        await waitUntilWoken();
      } else {
        failures++;
        settle();
        await waitOut(failures, outcome);
      }
    }
    settle();
  }

  void run();
  return {
    wake() {
      isWoken = true;
      endWait();
    },
    retryNow() {
      isWoken = true;
      endWait();
      endBackoff();
    },
    settled: () =>
      isBusy || isWoken
        ? new Promise((resolve) => {
            tellSettled.push(resolve);
          })
        : Promise.resolve(),
  };
}
