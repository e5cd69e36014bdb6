import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { DomainError } from "../../error/index.ts";
import type { LogIdentity, LogProtocol } from "../../log-sender/index.ts";
import type { LogBatch, LogStore, NewLogRecord } from "../../log-store/index.ts";
import type { LogReceiverMetrics } from "../metrics.ts";
import { DoubtfulChunks } from "./doubtful-chunks.ts";

/** What a sender handed over at once. */
export interface Delivery {
  readonly protocol: LogProtocol;
  readonly identity: LogIdentity;
  readonly chunk: string | null;
  readonly receivedAtMs: number;
  readonly records: readonly NewLogRecord[];
  /** As it came, decompressed. */
  readonly bytes: number;
}

export interface Stored {
  readonly stored: number;
  readonly isDuplicate: boolean;
}

/** Records that are kept to be sent on, and wait for whether they are stored. */
export interface HeldRecords {
  /** They were: they go out. */
  release(): void;
  /** They were not, or had been before: they do not go out. */
  discard(): void;
}

/** Records on their way from all listeners into the store, and on to whoever else gets them. */
export interface Intake {
  /** Resolves when they are stored. Throws what the store threw: a DomainError that says whether trying again can help. */
  store(delivery: Delivery): Promise<Stored>;
  /** The same, and tries again until it is stored, or `signal` fires (then it throws the signal's reason) or trying cannot help. */
  storePatiently(delivery: Delivery, signal: AbortSignal): Promise<Stored>;
}

interface IntakeDependencies {
  readonly store: Pick<LogStore, "append">;
  /**
   * Keeps records to be sent on, over the end of this process, before they are stored: so what is stored is sent on, whenever this process ends. Never
   * throws.
   */
  readonly hold: (records: readonly NewLogRecord[]) => Promise<HeldRecords>;
  readonly metrics: LogReceiverMetrics;
  readonly logger: Logger;
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonicNow: () => number;
}

const longestPauseMs = 5_000;

export function createIntake({ store, hold, metrics, logger, monotonicNow }: IntakeDependencies): Intake {
  const doubtful = new DoubtfulChunks();
  let lastFault = "";

  async function storeOnce(delivery: Delivery, held: HeldRecords): Promise<Stored> {
    const { protocol, identity, receivedAtMs, records, bytes } = delivery;
    const chunk = delivery.chunk === null ? null : { sender: identity.key, id: delivery.chunk };
    const startedMs = monotonicNow();
    const stored = await append({ chunk, receivedAtMs, records });
    metrics.appended((monotonicNow() - startedMs) / 1000);
    // One that failed before may have been stored after all, and its records were not sent on.
    if (stored.isDuplicate && !doubtful.has(chunk)) held.discard();
    else held.release();
    doubtful.remove(chunk);
    if (stored.isDuplicate) metrics.duplicate(protocol);
    else metrics.received(protocol, identity.kind, records.length, bytes);
    return stored;
  }

  async function append(batch: LogBatch): Promise<Stored> {
    try {
      return await store.append(batch);
    } catch (error) {
      doubtful.add(batch.chunk);
      throw error;
    }
  }

  /** Says once what is wrong with the store, and once that it is well again. */
  function report(fault: string): void {
    if (fault === lastFault) return;
    lastFault = fault;
    if (fault === "") logger.info("logs are stored again");
    else logger.warn({ fault }, "logs cannot be stored now; their senders wait");
  }

  return {
    async store(delivery) {
      const held = await hold(delivery.records);
      return await discardOnFailure(storeOnce(delivery, held), held);
    },
    async storePatiently(delivery, signal) {
      signal.throwIfAborted();
      const { promise: ended, reject } = Promise.withResolvers<never>();
      const end = () => reject(signal.reason);
      signal.addEventListener("abort", end, { once: true });
      // Nobody may be waiting when it fires.
      ended.catch(() => undefined);
      try {
        return await untilStored(delivery, await hold(delivery.records), signal, ended);
      } finally {
        signal.removeEventListener("abort", end);
      }
    },
  };

  async function untilStored(
    delivery: Delivery,
    held: HeldRecords,
    signal: AbortSignal,
    ended: Promise<never>,
  ): Promise<Stored> {
    for (let attempt = 0; ; attempt += 1) {
      const storing = storeOnce(delivery, held);
      try {
        // Who has gone does not wait for a store that is stuck.
        const stored = await Promise.race([storing, ended]);
        report("");
        return stored;
      } catch (error) {
        if (signal.aborted || !(error instanceof DomainError && error.isRetryable)) {
          // It may still be stored, and is sent on then.
          void discardOnFailure(storing, held).catch(() => undefined);
          throw error;
        }
        if (attempt > 0) report(error.message);
        await discardOnFailure(sleep(Math.min(50 * 2 ** attempt, longestPauseMs), undefined, { signal }), held);
      }
    }
  }
}

async function discardOnFailure<Value>(work: Promise<Value>, held: HeldRecords): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    held.discard();
    throw error;
  }
}
