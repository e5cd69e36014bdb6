import { parentPort, type Transferable, workerData } from "node:worker_threads";
import type { ThrownText } from "./job-error.ts";
import type { JobMessage, WorkerMessage } from "./messages.ts";

/** Says something to the main thread while a job runs; `transfer` moves buffers. */
export type Notify<Notice> = (notice: Notice, transfer?: readonly Transferable[]) => void;

/** A result with buffers that move to the main thread instead of being copied. */
export interface Answer<Result> {
  readonly result: Result;
  readonly transfer?: readonly Transferable[];
}

/**
 * Makes this thread answer jobs, one after the other; called once by an entry module. `prepare` gets the pool's `setting` and returns
 * the function that does a job, synchronously for best speed.
 */
export function serveJobs<Setting, Job, Result, Notice = never>(
  prepare: (setting: Setting, notify: Notify<Notice>) => (job: Job) => Answer<Result> | Promise<Answer<Result>>,
): void {
  const port = parentPort;
  if (port === null) throw new Error("serveJobs was called outside a worker thread");
  const post = (message: WorkerMessage<Result, Notice>, transfer: readonly Transferable[] = []) =>
    port.postMessage(message, [...transfer]);
  const work = prepare(workerData, (notice, transfer) => post({ kind: "notice", notice }, transfer));
  let previous: Promise<void> | null = null;

  async function finish(number: number, answer: Promise<Answer<Result>>): Promise<void> {
    try {
      const { result, transfer } = await answer;
      post({ kind: "done", number, result }, transfer);
    } catch (thrown) {
      post({ kind: "failed", number, thrown: describe(thrown) });
    }
  }

  function answer({ number, job }: JobMessage<Job>): Promise<void> | null {
    try {
      const answered = work(job);
      if (answered instanceof Promise) return finish(number, answered);
      post({ kind: "done", number, result: answered.result }, answered.transfer);
    } catch (thrown) {
      post({ kind: "failed", number, thrown: describe(thrown) });
    }
    return null;
  }

  port.on("message", (message: JobMessage<Job>) => {
    if (previous === null) {
      previous = answer(message);
    } else {
      previous = previous.then(() => answer(message) ?? undefined);
    }
    const current = previous;
    void current?.finally(() => {
      if (previous === current) previous = null;
    });
  });
}

function describe(thrown: unknown): ThrownText {
  return thrown instanceof Error
    ? { message: thrown.message, stack: thrown.stack ?? thrown.message }
    : { message: String(thrown), stack: String(thrown) };
}
