import type { LogBatch } from "../log-store.ts";
import { LogStoreBusyError, LogStoreFaultError } from "../log-store-error.ts";
import type { BatchOutcome } from "./write-batches.ts";

/** ClickHouse wants few big inserts: so long the first batch of a group waits for others. */
const gatherMs = 50;
const maximumRecords = 100_000;
const maximumWaiting = { records: 300_000, characters: 64 * 1024 * 1024 };

export interface BatchQueue {
  append(batch: LogBatch): Promise<{ readonly stored: number; readonly isDuplicate: boolean }>;
  readonly waiting: () => number;
  /** Why the last group could not be stored. */
  readonly fault: () => string | null;
  /** Stores what waits, and takes nothing more. */
  close(): Promise<void>;
}

interface Waiting {
  readonly batch: LogBatch;
  readonly characters: number;
  readonly resolve: (outcome: BatchOutcome) => void;
}

/** Gathers batches into groups, one written after the other. */
export function createBatchQueue(write: (batches: readonly LogBatch[]) => Promise<BatchOutcome[]>): BatchQueue {
  let waiting: Waiting[] = [];
  let records = 0;
  let characters = 0;
  let inHand = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;
  let fault: string | null = null;
  let isClosed = false;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.length > 0) {
      const group = takeGroup();
      inHand = group.length;
      const outcomes = await tryWrite(group.map(({ batch }) => batch));
      inHand = 0;
      for (const [index, { resolve, batch, characters: size }] of group.entries()) {
        records -= batch.records.length;
        characters -= size;
        resolve(outcomes[index] ?? new LogStoreFaultError("a batch of logs has no outcome"));
      }
      const failed = outcomes.find((outcome) => outcome instanceof LogStoreFaultError);
      fault = failed instanceof Error ? reasonOf(failed) : null;
    }
    writing = null;
  }

  async function tryWrite(batches: readonly LogBatch[]): Promise<BatchOutcome[]> {
    try {
      return await write(batches);
    } catch (error) {
      const failure = new LogStoreFaultError(error instanceof Error ? error.message : String(error), error);
      return batches.map(() => failure);
    }
  }

  function takeGroup(): Waiting[] {
    let count = 0;
    let sum = 0;
    for (const { batch } of waiting) {
      if (count > 0 && sum + batch.records.length > maximumRecords) break;
      sum += batch.records.length;
      count += 1;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  }

  return {
    async append(batch) {
      if (isClosed) throw new LogStoreFaultError("the store of logs is closed");
      if (records > 0 && (records >= maximumWaiting.records || characters >= maximumWaiting.characters)) {
        throw new LogStoreBusyError();
      }
      const size = batch.records.reduce((sum, { message }) => sum + message.length, 0);
      const { promise, resolve } = Promise.withResolvers<BatchOutcome>();
      waiting.push({ batch, characters: size, resolve });
      records += batch.records.length;
      characters += size;
      if (writing === null && timer === undefined) {
        timer = setTimeout(() => {
          writing = flush();
        }, gatherMs);
      }
      const outcome = await promise;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    waiting: () => waiting.length + inHand,
    fault: () => fault,
    async close() {
      isClosed = true;
      await (writing ?? flush());
    },
  };
}

function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
