import type { Id } from "../../blob/index.ts";
import type { WorkerPool } from "../../worker-pool/index.ts";
import type { FileToStore, StoredFile } from "./store-file.ts";
import type { StoreJob, StoreResult } from "./store-job.ts";
import { storeLargeFile } from "./store-large-file.ts";

/** Does jobs wherever there is a thread for them. */
export type RunStoreJob = (job: StoreJob, options?: { readonly isUrgent?: boolean }) => Promise<StoreResult>;

export interface FileIntakeOptions {
  readonly pool: WorkerPool<StoreJob, StoreResult>;
  /** Does a job on this thread: for so little that starting a thread would cost more. */
  readonly runHere: (job: StoreJob) => StoreResult;
  readonly onFailure: (reason: unknown) => void;
  /** Told of bytes as they are read. */
  readonly onBytes: (bytes: number) => void;
}

/** A message to a thread has at most so many files and bytes. */
const mostFiles = 64;
const mostBytes = 4 * 1024 * 1024;
/** From here on a file is cut by one thread and stored by all. */
const largeFileBytes = 32 * 1024 * 1024;
/** Large files at once: each has its own jobs in the queue. */
const mostLargeFiles = 2;

interface Batch {
  readonly files: FileToStore[];
  readonly done: ((stored: StoredFile) => void)[];
  bytes: number;
}

/** Takes the files that must be read, and hands them to threads in messages that are worth one. */
export class FileIntake {
  readonly #options: FileIntakeOptions;
  #batch: Batch = emptyBatch();
  #largeFiles = 0;
  #submitted = 0;
  #unfinished = 0;
  #waiters: (() => void)[] = [];

  constructor(options: FileIntakeOptions) {
    this.#options = options;
  }

  /** Takes a file; `done` is called once, later, unless the run fails. */
  add(file: FileToStore, size: number, done: (stored: StoredFile) => void): void {
    if (size >= largeFileBytes) {
      this.#addLarge(file, done);
      return;
    }
    if (this.#batch.bytes + size > mostBytes) this.#submit();
    this.#batch.files.push(file);
    this.#batch.done.push(done);
    this.#batch.bytes += size;
    if (this.#batch.files.length >= mostFiles || this.#batch.bytes >= mostBytes) this.#submit();
  }

  /** Whether the walk should wait before it finds more. */
  get isFull(): boolean {
    return this.#options.pool.pending >= this.#queueLimit || this.#largeFiles >= mostLargeFiles;
  }

  /** Whether threads are at work, so that the walk must let their messages in. */
  get isBusy(): boolean {
    return this.#unfinished > 0;
  }

  async whenRoom(): Promise<void> {
    while (this.isFull && this.#unfinished > 0) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** Resolves when every file that was taken is stored, and no pack is begun. */
  async finish(flushThreads: () => Promise<void>): Promise<void> {
    if (this.#submitted === 0 && this.#batch.files.length > 0) {
      this.#runHere(this.#takeBatch());
    }
    this.#submit();
    while (this.#unfinished > 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    await flushThreads();
  }

  get #queueLimit(): number {
    return this.#options.pool.size * 2 + 1;
  }

  #takeBatch(): Batch {
    const batch = this.#batch;
    this.#batch = emptyBatch();
    return batch;
  }

  #runHere({ files, done }: Batch): void {
    const result = this.#options.runHere({ kind: "files", files });
    this.#options.runHere({ kind: "flush" });
    this.#deliver(done, result);
  }

  #submit(): void {
    if (this.#batch.files.length === 0) return;
    const { files, done } = this.#takeBatch();
    this.#track(async () => this.#deliver(done, await this.#options.pool.run({ kind: "files", files })));
  }

  #addLarge(file: FileToStore, done: (stored: StoredFile) => void): void {
    this.#largeFiles += 1;
    this.#track(async () => {
      try {
        const run: RunStoreJob = (job, options) => this.#options.pool.run(job, options);
        done(await storeLargeFile(file, run, this.#options.pool.size + 1, this.#options.onBytes));
      } finally {
        this.#largeFiles -= 1;
      }
    });
  }

  #deliver(done: readonly ((stored: StoredFile) => void)[], result: StoreResult): void {
    if (result.kind !== "files") throw new Error(`a job for files was answered with ${result.kind}`);
    for (const [index, stored] of result.files.entries()) {
      if (stored.kind === "stored") this.#options.onBytes(stored.size);
      done[index]?.(stored);
    }
  }

  #track(work: () => Promise<void>): void {
    this.#submitted += 1;
    this.#unfinished += 1;
    work()
      .catch(this.#options.onFailure)
      .finally(() => {
        this.#unfinished -= 1;
        for (const wake of this.#waiters.splice(0)) wake();
      });
  }
}

function emptyBatch(): Batch {
  return { files: [], done: [], bytes: 0 };
}

/** What a job for content was answered with. */
export function contentOf(result: StoreResult): { readonly content: readonly Id[]; readonly size: number } {
  if (result.kind !== "content") throw new Error(`a job for content was answered with ${result.kind}`);
  return result;
}
