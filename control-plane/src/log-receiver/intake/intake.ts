import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { DomainError } from "../../error/index.ts";
import type { LogIdentity, LogProtocol } from "../../log-sender/index.ts";
import type { LogStore, NewLogRecord } from "../../log-store/index.ts";
import type { LogReceiverMetrics } from "../metrics.ts";

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

/** Records on their way from all listeners into the store, and on to whoever else gets them. */
export interface Intake {
  /** Resolves when they are stored. Throws what the store threw: a DomainError that says whether trying again can help. */
  store(delivery: Delivery): Promise<Stored>;
  /** The same, and tries again until it is stored, or `signal` fires (then it throws the signal's reason) or trying cannot help. */
  storePatiently(delivery: Delivery, signal: AbortSignal): Promise<Stored>;
}

interface IntakeDependencies {
  readonly store: Pick<LogStore, "append">;
  /** Called with what was stored, before its sender hears of it. Never throws. */
  readonly sendOn: (records: readonly NewLogRecord[]) => Promise<void>;
  readonly metrics: LogReceiverMetrics;
  readonly logger: Logger;
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonicNow: () => number;
}

const longestPauseMs = 5_000;

export function createIntake({ store, sendOn, metrics, logger, monotonicNow }: IntakeDependencies): Intake {
  let lastFault = "";

  async function storeOnce({ protocol, identity, chunk, receivedAtMs, records, bytes }: Delivery): Promise<Stored> {
    const startedMs = monotonicNow();
    const stored = await store.append({
      chunk: chunk === null ? null : { sender: identity.key, id: chunk },
      receivedAtMs,
      records,
    });
    metrics.appended((monotonicNow() - startedMs) / 1000);
    if (stored.isDuplicate) {
      metrics.duplicate(protocol);
      return stored;
    }
    metrics.received(protocol, identity.kind, records.length, bytes);
    await sendOn(records);
    return stored;
  }

  /** Says once what is wrong with the store, and once that it is well again. */
  function report(fault: string): void {
    if (fault === lastFault) return;
    lastFault = fault;
    if (fault === "") logger.info("logs are stored again");
    else logger.warn({ fault }, "logs cannot be stored now; their senders wait");
  }

  return {
    store: storeOnce,
    async storePatiently(delivery, signal) {
      signal.throwIfAborted();
      const { promise: ended, reject } = Promise.withResolvers<never>();
      const end = () => reject(signal.reason);
      signal.addEventListener("abort", end, { once: true });
      // Nobody may be waiting when it fires.
      ended.catch(() => undefined);
      try {
        return await untilStored(delivery, signal, ended);
      } finally {
        signal.removeEventListener("abort", end);
      }
    },
  };

  async function untilStored(delivery: Delivery, signal: AbortSignal, ended: Promise<never>): Promise<Stored> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        // Who has gone does not wait for a store that is stuck.
        const stored = await Promise.race([storeOnce(delivery), ended]);
        report("");
        return stored;
      } catch (error) {
        if (!(error instanceof DomainError && error.isRetryable)) throw error;
        if (attempt > 0) report(error.message);
        await sleep(Math.min(50 * 2 ** attempt, longestPauseMs), undefined, { signal });
      }
    }
  }
}
