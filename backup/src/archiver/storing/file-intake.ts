import type { FileStat } from "../../filesystem/index.ts";
import { encodeBatch, expandAnswer } from "./file-batch.ts";
import type { FileToStore, StoredFile } from "./store-file.ts";
import type { StoreJob, StoreResult } from "./store-job.ts";
import { storeLargeFile } from "./store-large-file.ts";

/** Does jobs wherever there is a thread for them. */
export type RunStoreJob = (job: StoreJob, options?: { readonly isUrgent?: boolean }) => Promise<StoreResult>;

export interface FileIntakeOptions {
  /** For how much it has to do. */
  readonly pool: { readonly size: number; readonly pending: number };
  readonly runJob: RunStoreJob;
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

interface Taken {
  readonly file: FileToStore;
  readonly stat: FileStat;
  readonly done: (stored: StoredFile) => void;
}

/** Takes the files that must be read, and hands them to threads in messages that are worth one. */
export class FileIntake {
  readonly #options: FileIntakeOptions;
  #batch: Taken[] = [];
  #batchBytes = 0;
  #largeFiles = 0;
  #submitted = 0;
  #unfinished = 0;
  #waiters: (() => void)[] = [];

  constructor(options: FileIntakeOptions) {
    this.#options = options;
  }

  /** Takes a file and what was seen of it; `done` is called once, later, unless the run fails. */
  add(file: FileToStore, stat: FileStat, done: (stored: StoredFile) => void): void {
    if (stat.size >= largeFileBytes) {
      this.#addLarge(file, done);
      return;
    }
    if (this.#batchBytes + stat.size > mostBytes) this.#submit();
    this.#batch.push({ file, stat, done });
    this.#batchBytes += stat.size;
    if (this.#batch.length >= mostFiles || this.#batchBytes >= mostBytes) this.#submit();
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

  /** Hands over what was taken, and resolves when a message was answered; throws when none is under way. */
  async whenSomeDone(): Promise<void> {
    this.#submit();
    if (this.#unfinished === 0) throw new Error("there is nothing under way to wait for");
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Resolves when every file that was taken is stored, and no pack is begun. */
  async finish(flushThreads: () => Promise<void>): Promise<void> {
    if (this.#submitted === 0 && this.#batch.length > 0) this.#runHere(this.#takeBatch());
    this.#submit();
    while (this.#unfinished > 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    await flushThreads();
  }

  get #queueLimit(): number {
    return this.#options.pool.size * 2 + 1;
  }

  #takeBatch(): readonly Taken[] {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    return batch;
  }

  #runHere(batch: readonly Taken[]): void {
    const result = this.#options.runHere({ kind: "files", batch: encodeBatch(batch) });
    this.#options.runHere({ kind: "flush" });
    this.#deliver(batch, result);
  }

  #submit(): void {
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    const job: StoreJob = { kind: "files", batch: encodeBatch(batch) };
    this.#track(async () => this.#deliver(batch, await this.#options.runJob(job)));
  }

  #addLarge(file: FileToStore, done: (stored: StoredFile) => void): void {
    this.#largeFiles += 1;
    this.#track(async () => {
      try {
        done(await storeLargeFile(file, this.#options.runJob, this.#options.pool.size + 1, this.#options.onBytes));
      } finally {
        this.#largeFiles -= 1;
      }
    });
  }

  #deliver(batch: readonly Taken[], result: StoreResult): void {
    if (result.kind !== "files") throw new Error(`a job for files was answered with ${result.kind}`);
    for (const [index, { stat, done }] of batch.entries()) {
      const answer = result.answers[index];
      if (answer === undefined) throw new Error("a job for files was answered for fewer files");
      const stored = expandAnswer(answer, stat);
      if (stored.kind === "stored") this.#options.onBytes(stored.size);
      done(stored);
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
