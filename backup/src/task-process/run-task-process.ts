import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type TaskBasics, type TaskEnding, TaskSign, type TaskWord } from "./task-words.ts";

/** A kind of task. */
export interface TaskKind<Progress, Result> {
  /** In messages: "backup". */
  readonly name: string;
  /** The module that calls `serveTask`. */
  readonly entry: URL;
  readonly progress: z.ZodType<Progress>;
  readonly result: z.ZodType<Result>;
  readonly nodeOptions: readonly string[];
  /** Beside what this process has. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface TaskProcessOptions<Progress> {
  readonly onProgress: (progress: Progress) => void;
  /** A new token; throws in words for whoever reads how the task ended. */
  readonly renewToken: () => Promise<string>;
  /** What it prints, line by line. */
  readonly onLine: (line: string) => void;
  /** Stops it where it is. */
  readonly signal: AbortSignal;
}

/** From being asked to stop to being killed. */
const graceMs = 15_000;

/** Does a task in a process of its own. Never throws: one that crashes has failed, and may be tried again. */
export async function runTaskProcess<Progress, Result>(
  kind: TaskKind<Progress, Result>,
  task: TaskBasics,
  { onProgress, renewToken, onLine, signal }: TaskProcessOptions<Progress>,
): Promise<TaskEnding<Result>> {
  const progressMessage = z.object({ kind: z.literal("progress"), progress: kind.progress });
  const doneMessage = z.object({ kind: z.literal("done"), result: kind.result });
  const child = fork(fileURLToPath(kind.entry), [], {
    execArgv: [...kind.nodeOptions],
    env: { ...process.env, ...kind.environment },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Ctrl-C is for us, who end it ourselves.
    detached: true,
  });
  const tell = (message: TaskBasics | TaskWord) => {
    if (child.connected) child.send(message, () => undefined);
  };
  let lastLine = "";
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      lastLine = line;
      onLine(line);
    });
  }
  let end: TaskEnding<Result> | undefined;
  child.on("message", (message) => {
    const progress = progressMessage.safeParse(message);
    if (progress.success) return onProgress(progress.data.progress);
    const done = doneMessage.safeParse(message);
    if (done.success) {
      end = done.data;
      return;
    }
    const sign = TaskSign.safeParse(message);
    if (!sign.success) return;
    if (sign.data.kind !== "token-wanted") end = sign.data;
    else {
      renewToken().then(
        (token) => tell({ kind: "token", token }),
        (error: unknown) => tell({ kind: "no-token", message: error instanceof Error ? error.message : String(error) }),
      );
    }
  });
  let killing: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    tell({ kind: "stop" });
    killing ??= setTimeout(() => child.kill("SIGKILL"), graceMs);
  };
  tell(task);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const closed = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signalName) => resolve(signalName ?? `exit code ${code}`));
  });
  clearTimeout(killing);
  signal.removeEventListener("abort", stop);
  if (end !== undefined) return end;
  if (signal.aborted) return { kind: "stopped" };
  const words = lastLine === "" ? "" : `: ${lastLine}`;
  return { kind: "failed", message: `the ${kind.name}'s process ended with ${closed}${words}`, isRetryable: true };
}
