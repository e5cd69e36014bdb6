import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { UnavailableError } from "../../../error/index.ts";
import type { DamagedDay } from "../damaged-day.ts";
import type { FromReader, ToReader } from "./messages.ts";
import type { ReaderAnswers, ReaderQuestion } from "./questions.ts";

export interface ReaderPool {
  /**
   * Rejects with the signal's reason soon after it fires, whatever the thread does. After `patienceMs` the thread answers with what it has; a thread
   * that takes much longer is given up.
   */
  ask<Kind extends ReaderQuestion["kind"]>(
    question: ReaderQuestion & { readonly kind: Kind },
    patienceMs: number,
    signal: AbortSignal,
  ): Promise<ReaderAnswers[Kind]>;
  close(): Promise<void>;
}

interface ReaderPoolOptions {
  readonly directory: string;
  readonly size: number;
  readonly logger: Logger;
  readonly onDamaged: (damaged: DamagedDay) => void;
}

interface Job {
  readonly message: ToReader;
  readonly settle: (message: FromReader | Error) => void;
  isSettled: boolean;
}

interface Thread {
  readonly worker: Worker;
  job: Job | null;
}

/** Questions that wait for a thread; more are refused. */
const maximumQueue = 200;
/** What one statement may take beyond the time, before its thread is given up. */
const graceMs = 20_000;

/** Threads that answer questions, started when they are needed, so that reading neither holds up the event loop nor waits for writing. */
export function createReaderPool({ directory, size, logger, onDamaged }: ReaderPoolOptions): ReaderPool {
  const threads = new Set<Thread>();
  const queue: Job[] = [];
  let nextNumber = 0;
  let isClosed = false;

  function startThread(): Thread {
    const worker = new Worker(new URL("./reader-thread.ts", import.meta.url), {
      workerData: { directory },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 },
    });
    const thread: Thread = { worker, job: null };
    threads.add(thread);
    worker.on("message", (message: FromReader) => receive(thread, message));
    worker.on("error", (err) => {
      logger.error({ err }, "a thread that reads logs has died");
      thread.job?.settle(err instanceof Error ? err : new Error(String(err)));
    });
    worker.on("exit", () => {
      threads.delete(thread);
      thread.job?.settle(new UnavailableError("the thread that reads logs has ended"));
      dispatch();
    });
    return thread;
  }

  function receive(thread: Thread, message: FromReader): void {
    const { job } = thread;
    thread.job = null;
    for (const day of message.damaged) onDamaged(day);
    job?.settle(message);
    dispatch();
  }

  function dispatch(): void {
    while (queue.length > 0 && !isClosed) {
      const idle = [...threads].find(({ job }) => job === null);
      if (idle === undefined && threads.size >= size) return;
      const job = queue.shift();
      if (job === undefined) return;
      if (job.isSettled) continue;
      const thread = idle ?? startThread();
      thread.job = job;
      thread.worker.postMessage(job.message);
    }
  }

  function giveUp(job: Job): void {
    const thread = [...threads].find((one) => one.job === job);
    if (thread === undefined) return;
    threads.delete(thread);
    void thread.worker.terminate();
  }

  return {
    async ask<Kind extends ReaderQuestion["kind"]>(
      question: ReaderQuestion & { readonly kind: Kind },
      patienceMs: number,
      signal: AbortSignal,
    ): Promise<ReaderAnswers[Kind]> {
      signal.throwIfAborted();
      if (isClosed) throw new UnavailableError("the store of logs is closed");
      if (queue.length >= maximumQueue) throw new UnavailableError("too many questions wait for the logs", 2);
      const control = new Int32Array(new SharedArrayBuffer(4));
      const number = nextNumber;
      nextNumber += 1;
      const { promise, resolve, reject } = Promise.withResolvers<FromReader>();
      const job: Job = {
        message: { number, question, patienceMs, control },
        isSettled: false,
        settle(message) {
          job.isSettled = true;
          if (message instanceof Error) reject(message);
          else resolve(message);
        },
      };
      const withdraw = () => {
        Atomics.store(control, 0, 1);
        job.settle(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
      };
      const timer = setTimeout(() => {
        job.settle(new UnavailableError("the logs did not answer in time"));
        Atomics.store(control, 0, 1);
        giveUp(job);
        dispatch();
      }, patienceMs + graceMs);
      signal.addEventListener("abort", withdraw, { once: true });
      try {
        queue.push(job);
        dispatch();
        const message = await promise;
        if (!("result" in message)) throw new UnavailableError(message.failure ?? "the question was withdrawn");
        // A thread answers the kind that it was asked.
        return message.result as ReaderAnswers[Kind];
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", withdraw);
      }
    },
    async close() {
      isClosed = true;
      for (const job of queue.splice(0)) job.settle(new UnavailableError("the store of logs is closed"));
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}
