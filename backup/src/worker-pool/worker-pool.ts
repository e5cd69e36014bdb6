import type { Transferable } from "node:worker_threads";

/** Threads that do the same kind of job. Jobs and results must be plain data (structured clone). */
export interface WorkerPool<Job, Result> {
  /** How many threads there are at most. */
  readonly size: number;
  /** Jobs that are queued or running. */
  readonly pending: number;
  /**
   * Does a job; `transfer` moves buffers instead of copying them, `isUrgent` puts it before all that are queued.
   * Rejects with JobFailedError, WorkerDiedError, or the signal's reason.
   */
  run(
    job: Job,
    options?: { readonly transfer?: readonly Transferable[]; readonly isUrgent?: boolean },
  ): Promise<Result>;
  /** Does a job once on every thread that was started, after the jobs it has in hand. Await all other jobs before. */
  runOnEach(job: Job): Promise<readonly Result[]>;
  /** Resolves when fewer than `limit` jobs are pending. Await it before making the next job, so that the queue stays short. */
  whenBelow(limit: number): Promise<void>;
  /** Ends the threads; jobs that are not done reject. */
  close(): Promise<void>;
}

/** What a pool is made of. */
export interface WorkerPoolOptions<Notice> {
  /** The module that calls `serveJobs`, e.g. `new URL("./store-files-worker.ts", import.meta.url)`. */
  readonly entry: URL;
  readonly size: number;
  /** Given to every thread once; shared memory stays shared. */
  readonly setting?: unknown;
  /** Jobs that a thread has in hand: the second waits there while the first runs, so that a busy main thread does not starve it. Default 1. */
  readonly jobsInHand?: number;
  /** Starts all threads at once rather than with the first jobs: they load their modules while the caller still looks for work. */
  readonly isEager?: boolean;
  /** Told what a thread says between the start and the end of a job. */
  readonly onNotice?: (notice: Notice) => void;
  readonly signal?: AbortSignal | undefined;
}
