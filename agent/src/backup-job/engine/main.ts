// The process that does a backup's work, so that neither a crash nor its memory ever takes the agent down. It is told what to do by the agent over the
// channel between them, and ends with that channel: killed in the middle, the agent leaves no backup behind that nobody watches.
import { setPriority } from "node:os";
import { BackupError } from "@mycloud/backup/error";
import { takeName } from "../../agent/single-instance.ts";
import { sleep } from "../../retry-loop/sleep.ts";
import { backUpJob } from "./back-up-job.ts";
import { type EngineProgress, type EngineTask, type FromEngine, ToEngine } from "./engine-message.ts";

/** Others on the machine go first. */
const niceness = 10;
const tellEveryMs = 1_000;
/** How long an engine that lost its agent takes to end at most. */
const lockWaitMs = 60_000;

const stopping = new AbortController();
let waitingForToken: PromiseWithResolvers<string> | undefined;
let firstToken: string | undefined;
let lastProgress: { readonly atMs: number; readonly phase: string } | undefined;

process.on("disconnect", () => {
  stopping.abort(new Error("the agent is gone"));
  setTimeout(() => process.exit(1), 5_000).unref();
});
// `restic unlock` asks whether a lock's owner is there with this signal; it must not end it.
process.on("SIGHUP", () => undefined);
process.on("message", (message) => {
  const told = ToEngine.safeParse(message);
  if (!told.success) return;
  switch (told.data.kind) {
    case "start":
      void work(told.data);
      return;
    case "token":
      waitingForToken?.resolve(told.data.token);
      waitingForToken = undefined;
      return;
    case "no-token":
      waitingForToken?.reject(new Error(told.data.message));
      waitingForToken = undefined;
      return;
    case "stop":
      stopping.abort(new Error("stopped"));
  }
});

async function work(task: EngineTask): Promise<void> {
  firstToken = task.token;
  try {
    setPriority(niceness);
  } catch {
    // A container may not allow it; then it runs as everything else does.
  }
  const end = await backUp(task);
  await tell(end);
  process.disconnect?.();
}

async function backUp(task: EngineTask): Promise<FromEngine> {
  try {
    await becomeOnlyEngine(task.lockName);
    const result = await backUpJob(task, { nextToken, onProgress, now: Date.now, signal: stopping.signal });
    return { kind: "done", result };
  } catch (error) {
    if (stopping.signal.aborted) return { kind: "stopped" };
    const isRetryable = error instanceof BackupError && error.isRetryable;
    return { kind: "failed", message: error instanceof Error ? error.message : String(error), isRetryable };
  }
}

/** One that an agent left behind, killed, may still be ending. */
async function becomeOnlyEngine(name: string): Promise<void> {
  for (const deadline = performance.now() + lockWaitMs; performance.now() < deadline; ) {
    if ((await takeName(name)) !== undefined) return;
    await sleep(100, stopping.signal);
    stopping.signal.throwIfAborted();
  }
  throw new Error("another backup of this host does not end");
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

function onProgress(progress: EngineProgress): void {
  const nowMs = performance.now();
  const isDue =
    lastProgress === undefined || lastProgress.phase !== progress.phase || nowMs - lastProgress.atMs >= tellEveryMs;
  if (!isDue) return;
  lastProgress = { atMs: nowMs, phase: progress.phase };
  void tell({ kind: "progress", progress });
}

function tell(message: FromEngine): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, {}, () => resolve());
  });
}
