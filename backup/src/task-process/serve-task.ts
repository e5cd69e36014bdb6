import { setPriority } from "node:os";
import type { z } from "zod";
import { BackupError } from "../error/index.ts";
import { type TaskBasics, TaskWord } from "./task-words.ts";

/** What the work of a task gets from its process. */
export interface TaskTools<Progress> {
  /** A token that is good for a while; asked again when one is refused. */
  readonly nextToken: () => Promise<string>;
  /** Told at most once a second, and whenever the phase changes. */
  readonly onProgress: (progress: Progress) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Others on the machine go first. */
const niceness = 10;
const tellEveryMs = 1_000;
/** From the channel's end to this process' own, however hard the work is to stop. */
const graceMs = 5_000;

/** Makes this process one that takes one task, does the work, says how it ended, and ends. */
export function serveTask<Task extends TaskBasics, Progress extends { readonly phase: string }, Result>(
  schema: z.ZodType<Task>,
  work: (task: Task, tools: TaskTools<Progress>) => Promise<Result>,
): void {
  const stopping = new AbortController();
  let waitingForToken: PromiseWithResolvers<string> | undefined;
  let firstToken: string | undefined;
  let lastProgress: { readonly atMs: number; readonly phase: string } | undefined;

  async function begin(task: Task): Promise<void> {
    firstToken = task.token;
    try {
      setPriority(niceness);
    } catch {
      // A container may not allow it; then it runs as everything else does.
    }
    await tell(await doWork(task));
    process.disconnect?.();
  }

  async function doWork(task: Task): Promise<object> {
    try {
      const tools = { nextToken, onProgress, now: Date.now, signal: stopping.signal };
      return { kind: "done", result: await work(task, tools) };
    } catch (error) {
      if (stopping.signal.aborted) return { kind: "stopped" };
      const isRetryable = error instanceof BackupError && error.isRetryable;
      return { kind: "failed", message: error instanceof Error ? error.message : String(error), isRetryable };
    }
  }

  /** The first one comes with the task; each further is asked for, since the one before was refused. */
  async function nextToken(): Promise<string> {
    if (firstToken !== undefined) {
      const token = firstToken;
      firstToken = undefined;
      return token;
    }
    waitingForToken ??= Promise.withResolvers<string>();
    const { promise } = waitingForToken;
    await tell({ kind: "token-wanted" });
    return await promise;
  }

  function onProgress(progress: Progress): void {
    const nowMs = performance.now();
    const isDue =
      lastProgress === undefined || lastProgress.phase !== progress.phase || nowMs - lastProgress.atMs >= tellEveryMs;
    if (!isDue) return;
    lastProgress = { atMs: nowMs, phase: progress.phase };
    void tell({ kind: "progress", progress });
  }

  process.on("disconnect", () => {
    stopping.abort(new Error("whoever gave the task is gone"));
    setTimeout(() => process.exit(1), graceMs).unref();
  });
  // `restic unlock` asks whether a lock's owner is there with this signal; it must not end it.
  process.on("SIGHUP", () => undefined);
  process.on("message", (message) => {
    const task = schema.safeParse(message);
    if (task.success) return void begin(task.data);
    const word = TaskWord.safeParse(message);
    if (!word.success) return;
    switch (word.data.kind) {
      case "token":
        waitingForToken?.resolve(word.data.token);
        waitingForToken = undefined;
        return;
      case "no-token":
        waitingForToken?.reject(new Error(word.data.message));
        waitingForToken = undefined;
        return;
      case "stop":
        stopping.abort(new Error("stopped"));
    }
  });
}

function tell(message: object): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, {}, () => resolve());
  });
}
