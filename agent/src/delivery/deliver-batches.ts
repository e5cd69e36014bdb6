import { type BackoffPolicy, backoffMs } from "../backoff/index.ts";
import type { Logger } from "../logger/index.ts";
import type { Spool } from "../spool/index.ts";
import type { ControlPlane, Failure } from "../transport/index.ts";

/** What delivery needs from outside. */
export interface DeliveryOptions {
  readonly spool: Pick<Spool, "oldest" | "remove" | "reject">;
  readonly controlPlane: Pick<ControlPlane, "sendResults">;
  readonly backoff: BackoffPolicy;
  /** A refused agent tries this rarely. */
  readonly refusedBackoff: BackoffPolicy;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onDelivered: () => void;
  readonly onFailed: (failure: Failure) => void;
}

export interface Delivery {
  /** There is something new in the spool. */
  wake(): void;
  /** The server is known to be back: do not wait out a back-off. */
  retryNow(): void;
  /** Resolves after the signal fired and the request under way has ended. */
  readonly done: Promise<void>;
}

/** Starts delivering until the signal fires. */
export function startDelivery(options: DeliveryOptions): Delivery {
  const { signal } = options;
  let isWoken = true;
  let endWait: () => void = () => undefined;
  let endBackoff: () => void = () => undefined;
  signal.addEventListener("abort", () => endWait(), { once: true });

  async function waitUntilWoken(): Promise<void> {
    while (!isWoken && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      endWait = resolve;
      await promise;
    }
    isWoken = false;
  }

  async function waitBackoff(ms: number): Promise<void> {
    const ended = new AbortController();
    endBackoff = () => ended.abort();
    await options.sleep(ms, AbortSignal.any([signal, ended.signal]));
    endBackoff = () => undefined;
  }

  async function deliver(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      await waitUntilWoken();
      for (;;) {
        const failure = signal.aborted ? undefined : await deliverOldest(options);
        if (failure === "empty" || signal.aborted) break;
        if (failure === undefined) {
          failures = 0;
          continue;
        }
        failures++;
        options.onFailed(failure);
        const policy = failure.kind === "refused" ? options.refusedBackoff : options.backoff;
        await waitBackoff(backoffMs(failures, policy, options.random(), failure.retryAfterSeconds));
      }
    }
  }

  const done = deliver();
  return {
    wake() {
      isWoken = true;
      endWait();
    },
    retryNow() {
      endBackoff();
      isWoken = true;
      endWait();
    },
    done,
  };
}

/** Sends the oldest batch. Resolves with undefined when it left the spool, "empty" when there was none, else why it stayed. */
export async function deliverOldest(
  options: Pick<DeliveryOptions, "spool" | "controlPlane" | "logger" | "onDelivered">,
): Promise<Failure | "empty" | undefined> {
  const { spool, controlPlane, logger } = options;
  const batch = await spool.oldest();
  if (batch === undefined) return "empty";
  const outcome = await controlPlane.sendResults(batch);
  if (outcome.kind === "ok") {
    if (outcome.value.dropped > 0) {
      logger.info(
        { batchId: batch.batchId, dropped: outcome.value.dropped },
        "results of services that are gone were dropped",
      );
    }
    await spool.remove(batch.batchId);
    options.onDelivered();
    return undefined;
  }
  if (outcome.kind === "invalid") {
    await spool.reject(batch.batchId, outcome.message);
    return undefined;
  }
  return outcome;
}
