import { type Transferable, Worker } from "node:worker_threads";
import { JobFailedError, WorkerDiedError } from "./job-error.ts";
import type { JobMessage, WorkerMessage } from "./messages.ts";
import type { WorkerPool, WorkerPoolOptions } from "./worker-pool.ts";

/** What jobs work on lies outside the heap; with V8's own limit for short-lived objects each thread would take 30 MiB more. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

interface QueuedJob<Job, Result> {
  readonly job: Job;
  readonly transfer: readonly Transferable[];
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

interface Thread<Job, Result> {
  readonly worker: Worker;
  readonly inHand: Map<number, QueuedJob<Job, Result>>;
}

/** A pool of threads that run `entry`; unless it is eager, none is started before the first job. The caller closes it. */
export function createWorkerPool<Job, Result, Notice = never>(
  options: WorkerPoolOptions<Notice>,
): WorkerPool<Job, Result> {
  const { entry, size, setting, jobsInHand = 1, onNotice, signal } = options;
  const threads = new Set<Thread<Job, Result>>();
  const queue: QueuedJob<Job, Result>[] = [];
  let waiters: { readonly limit: number; readonly resolve: () => void }[] = [];
  let pending = 0;
  let nextNumber = 0;
  let closed: { readonly reason: unknown } | null = null;

  function startThread(): Thread<Job, Result> {
    // Flags such as --test or --cpu-prof are the main thread's own.
    const worker = new Worker(entry, { workerData: setting, execArgv: [], resourceLimits });
    const thread: Thread<Job, Result> = { worker, inHand: new Map() };
    threads.add(thread);
    worker.on("message", (message: WorkerMessage<Result, Notice>) => receive(thread, message));
    worker.on("error", (error) => dropThread(thread, error));
    worker.on("exit", (code) => dropThread(thread, new WorkerDiedError(`a worker thread ended with code ${code}`)));
    return thread;
  }

  /** Its jobs are lost; so is the pool, since a thread that died once (memory, a fault at start) would die again. */
  function dropThread(thread: Thread<Job, Result>, reason: unknown): void {
    if (threads.delete(thread) && closed === null) shutDown(reason);
    for (const job of thread.inHand.values()) settle(() => job.reject(closed?.reason ?? reason));
    thread.inHand.clear();
  }

  function receive(thread: Thread<Job, Result>, message: WorkerMessage<Result, Notice>): void {
    if (closed !== null) return;
    if (message.kind === "notice") {
      onNotice?.(message.notice);
      return;
    }
    const job = thread.inHand.get(message.number);
    if (job === undefined) return;
    thread.inHand.delete(message.number);
    dispatch();
    settle(() =>
      message.kind === "done" ? job.resolve(message.result) : job.reject(new JobFailedError(message.thrown)),
    );
  }

  function settle(tell: () => void): void {
    pending -= 1;
    tell();
    waiters = waiters.filter(({ limit, resolve }) => {
      if (pending >= limit && closed === null) return true;
      resolve();
      return false;
    });
  }

  /** The thread with the fewest jobs; a new one rather than a second job for an old one. */
  function chooseThread(): Thread<Job, Result> | null {
    let best: Thread<Job, Result> | null = null;
    for (const thread of threads) if (best === null || thread.inHand.size < best.inHand.size) best = thread;
    if (best !== null && best.inHand.size === 0) return best;
    if (threads.size < size) return startThread();
    return best !== null && best.inHand.size < jobsInHand ? best : null;
  }

  function dispatch(): void {
    while (queue.length > 0) {
      const thread = chooseThread();
      const job = thread === null ? undefined : queue.shift();
      if (thread === null || job === undefined) return;
      hand(thread, job);
    }
  }

  function hand(thread: Thread<Job, Result>, job: QueuedJob<Job, Result>): void {
    const number = nextNumber++;
    thread.inHand.set(number, job);
    thread.worker.postMessage({ number, job: job.job } satisfies JobMessage<Job>, job.transfer);
  }

  function shutDown(reason: unknown): void {
    closed ??= { reason };
    signal?.removeEventListener("abort", onAbort);
    for (const job of queue.splice(0)) settle(() => job.reject(reason));
    for (const thread of threads) {
      for (const job of thread.inHand.values()) settle(() => job.reject(reason));
      thread.inHand.clear();
      void thread.worker.terminate();
    }
    settleWaiters();
  }

  function settleWaiters(): void {
    for (const { resolve } of waiters.splice(0)) resolve();
  }

  const onAbort = () => shutDown(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  if (options.isEager === true && signal?.aborted !== true) while (threads.size < size) startThread();

  return {
    size,
    get pending() {
      return pending;
    },
    run(job, { transfer = [], isUrgent = false } = {}) {
      if (closed !== null) return Promise.reject(closed.reason);
      if (signal?.aborted) return Promise.reject(signal.reason);
      return new Promise<Result>((resolve, reject) => {
        pending += 1;
        queue[isUrgent ? "unshift" : "push"]({ job, transfer, resolve, reject });
        dispatch();
      });
    },
    runOnEach(job) {
      if (closed !== null) return Promise.reject(closed.reason);
      const results = [...threads].map(
        (thread) =>
          new Promise<Result>((resolve, reject) => {
            pending += 1;
            hand(thread, { job, transfer: [], resolve, reject });
          }),
      );
      return Promise.all(results);
    },
    whenBelow(limit) {
      if (pending < limit || closed !== null) return Promise.resolve();
      return new Promise((resolve) => {
        waiters.push({ limit, resolve });
      });
    },
    async close() {
      const ending = [...threads].map((thread) => thread.worker.terminate());
      shutDown(new WorkerDiedError("the worker pool was closed"));
      await Promise.all(ending);
    },
  };
}
