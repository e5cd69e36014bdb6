import type { NewLogRecord } from "../../log-store/index.ts";

interface Waiting {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface CollectorOptions {
  /** Stores what was collected. */
  readonly store: (records: readonly NewLogRecord[], bytes: number) => Promise<void>;
  readonly maximumWaitMs: number;
  readonly maximumRecords: number;
}

/**
 * Makes few large batches of many small ones, of all connections together: each would cost a transaction. What was added last is stored after
 * `maximumWaitMs` at the latest, or when `maximumRecords` are there.
 */
export class Collector {
  readonly #options: CollectorOptions;
  #records: NewLogRecord[] = [];
  #bytes = 0;
  #waiting: Waiting[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #storing = new Set<Promise<void>>();

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** Records that are not stored yet. */
  get waiting(): number {
    return this.#records.length;
  }

  /** Resolves when they are stored, rejects when they could not be. */
  add(records: readonly NewLogRecord[], bytes: number): Promise<void> {
    return new Promise((done, failed) => {
      for (const record of records) this.#records.push(record);
      this.#bytes += bytes;
      this.#waiting.push({ done, failed });
      if (this.#records.length >= this.#options.maximumRecords) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), this.#options.maximumWaitMs);
    });
  }

  /** Stores what is there, and waits until all is stored or has failed. */
  async end(): Promise<void> {
    this.#flush();
    await Promise.all(this.#storing);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const [records, bytes, waiting] = [this.#records, this.#bytes, this.#waiting];
    this.#records = [];
    this.#bytes = 0;
    this.#waiting = [];
    const storing = this.#options
      .store(records, bytes)
      .then(
        () => waiting.forEach(({ done }) => void done()),
        (error: unknown) => waiting.forEach(({ failed }) => void failed(error)),
      )
      .finally(() => this.#storing.delete(storing));
    this.#storing.add(storing);
  }
}
