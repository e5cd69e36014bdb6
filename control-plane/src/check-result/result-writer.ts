import type { Logger } from "pino";
import { UnavailableError } from "../error/index.ts";
import type { ResultBatch, StoredBatch } from "./incoming-result.ts";

/** Stores a group of batches in one transaction; answers one StoredBatch for each, in order. */
export type StoreBatches = (batches: readonly ResultBatch[]) => Promise<readonly StoredBatch[]>;

export interface ResultWriterOptions {
  readonly storeBatches: StoreBatches;
  readonly logger: Logger;
  /** A group is closed when it holds this many results. */
  readonly maximumGroupSize?: number;
  /** Results that may wait before further ones are refused. */
  readonly maximumWaiting?: number;
  /** How long an open group waits for company while more arrives, at most 50 ms. */
  readonly lingerMs?: number;
  /** Groups written at once, when they have no host or service in common; 1 where the database takes one transaction at a time. */
  readonly maximumConcurrent?: number;
}

/** Groups of fewer results wait for the transaction under way. */
const overlapFrom = 200;

interface WaitingBatch {
  readonly batch: ResultBatch;
  readonly resolve: (stored: StoredBatch) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: batches from many requests become one transaction, because a commit costs an fsync whether it carries one result or a
 * thousand. Those that arrive while groups are written form the next one, so groups grow with the load by themselves and a lone request does
 * not wait. Order of arrival is order of processing: a group starts beside another one only when they share no host and no service.
 */
export class ResultWriter {
  readonly #options: Required<ResultWriterOptions>;
  #waiting: WaitingBatch[] = [];
  #waitingResults = 0;
  readonly #writing = new Map<Promise<void>, ReadonlySet<number>>();
  #isStopped = false;
  #running: Promise<void> | undefined;

  constructor(options: ResultWriterOptions) {
    this.#options = { maximumGroupSize: 2_000, maximumWaiting: 50_000, lingerMs: 4, maximumConcurrent: 1, ...options };
  }

  /** Results that wait for their transaction. */
  get waitingResults(): number {
    return this.#waitingResults;
  }

  /** Resolves when the batch is durable. Throws UnavailableError (try again in 2 s) when too much waits, or after `stop`. */
  write(batch: ResultBatch): Promise<StoredBatch> {
    if (this.#isStopped) return Promise.reject(new UnavailableError("the control plane is stopping", 5));
    // An empty batch counts too: it carries a batch id to be remembered.
    const size = Math.max(batch.results.length, 1);
    if (this.#waitingResults > 0 && this.#waitingResults + size > this.#options.maximumWaiting) {
      return Promise.reject(
        new UnavailableError(`${this.#waitingResults} check results wait to be stored; send this batch again later`, 2),
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<StoredBatch>();
    this.#waiting.push({ batch, resolve, reject });
    this.#waitingResults += size;
    this.#running ??= this.#writeGroups();
    return promise;
  }

  /** Takes no more batches and resolves when those that wait are written. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    await Promise.all(this.#writing.keys());
  }

  async #writeGroups(): Promise<void> {
    // A batch that fills a group by itself waits for nothing below: without this the loop would end before its caller has noted that it runs.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      if (!this.#isStopped && this.#waitingResults < this.#options.maximumGroupSize) await this.#linger();
      // A second transaction beside the first pays when it is large; single results do better to gather until the first is done.
      const isWorthOverlapping = this.#waitingResults >= overlapFrom;
      const mostBeside = isWorthOverlapping ? this.#options.maximumConcurrent : 1;
      if (this.#writing.size >= mostBeside) await Promise.race(this.#writing.keys());
      const group = this.#takeGroup();
      const objects = objectsOf(group);
      while ([...this.#writing.values()].some((others) => isSharing(others, objects))) {
        await Promise.race(this.#writing.keys());
      }
      const written = this.#writeGroup(group).finally(() => this.#writing.delete(written));
      this.#writing.set(written, objects);
    }
    this.#running = undefined;
  }

  /**
   * Lets requests that have arrived already join: as long as each turn of the event loop brings more, at most `lingerMs`. A lone request waits
   * for one turn; many that arrive together, while a transaction kept this thread busy, are written together.
   */
  async #linger(): Promise<void> {
    const until = performance.now() + this.#options.lingerMs;
    let before: number;
    do {
      before = this.#waitingResults;
      await new Promise<void>((resolve) => setImmediate(resolve));
    } while (this.#waitingResults > before && performance.now() < until);
  }

  #takeGroup(): readonly WaitingBatch[] {
    let size = 0;
    let count = 0;
    for (const { batch } of this.#waiting) {
      const batchSize = Math.max(batch.results.length, 1);
      if (count > 0 && size + batchSize > this.#options.maximumGroupSize) break;
      size += batchSize;
      count++;
    }
    const group = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    this.#waitingResults -= size;
    return group;
  }

  /** Stores a group and answers its senders; never rejects. */
  async #writeGroup(group: readonly WaitingBatch[]): Promise<void> {
    try {
      const stored = await this.#options.storeBatches(group.map((waiting) => waiting.batch));
      for (const [index, waiting] of group.entries()) {
        const answer = stored[index];
        if (answer === undefined) waiting.reject(new Error("a batch was stored without an answer"));
        else waiting.resolve(answer);
      }
    } catch (error) {
      // One batch's fault must not cost the others theirs: each is tried by itself before its sender hears of it.
      if (group.length > 1) for (const waiting of group) await this.#writeGroup([waiting]);
      else {
        this.#options.logger.error({ err: error }, "check results not stored");
        group[0]?.reject(error);
      }
    }
  }
}

/** What a group writes to, in one set of numbers: services by id, hosts by their id below zero. */
function objectsOf(group: readonly WaitingBatch[]): ReadonlySet<number> {
  const objects = new Set<number>();
  for (const { batch } of group) {
    for (const { hostId, serviceId } of batch.results) objects.add(serviceId ?? -hostId);
  }
  return objects;
}

function isSharing(some: ReadonlySet<number>, others: ReadonlySet<number>): boolean {
  for (const object of others) if (some.has(object)) return true;
  return false;
}
