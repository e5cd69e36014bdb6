import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Logger } from "../logger/index.ts";
import type { Outcome } from "../transport/index.ts";
import { type EngineBasics, type EngineEnding, EngineSign, type EngineWord } from "./engine-words.ts";

/** A kind of engine. */
export interface EngineKind<Progress, Result> {
  /** In messages: "backup". */
  readonly name: string;
  /** The module that calls `serveEngine`. */
  readonly entry: URL;
  readonly progress: z.ZodType<Progress>;
  readonly result: z.ZodType<Result>;
  /** What its heap may take at most, in MiB; without it what Node allows. */
  readonly maximumHeapMib?: number;
}

export interface EngineProcessOptions<Progress> {
  readonly onProgress: (progress: Progress) => void;
  /** A new token for the run. */
  readonly renewToken: () => Promise<Outcome<string>>;
  readonly logger: Logger;
  /** Stops it where it is. */
  readonly signal: AbortSignal;
}

/** As bin/mycloud runs `mycloud repo`: what a backup makes and throws away goes back to the system soon. */
const nodeOptions = ["--max-semi-space-size=2", "--heap-growing-percent=20"];
const memoryEnvironment = {
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "262144",
  MALLOC_TRIM_THRESHOLD_: "1048576",
};
/** From being asked to stop to being killed. */
const graceMs = 15_000;

/** Runs an engine in a process of its own. Never throws: one that crashes has failed, and may be tried again. */
export async function runEngineProcess<Progress, Result>(
  kind: EngineKind<Progress, Result>,
  task: EngineBasics,
  { onProgress, renewToken, logger, signal }: EngineProcessOptions<Progress>,
): Promise<EngineEnding<Result>> {
  const progressMessage = z.object({ kind: z.literal("progress"), progress: kind.progress });
  const doneMessage = z.object({ kind: z.literal("done"), result: kind.result });
  const child = fork(fileURLToPath(kind.entry), [], {
    execArgv: [
      ...nodeOptions,
      ...(kind.maximumHeapMib === undefined ? [] : [`--max-old-space-size=${kind.maximumHeapMib}`]),
    ],
    env: { ...process.env, ...memoryEnvironment },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Ctrl-C is for the agent, which ends its engine itself.
    detached: true,
  });
  const tell = (message: EngineBasics | EngineWord) => {
    if (child.connected) child.send(message, () => undefined);
  };
  let lastLine = "";
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      lastLine = line;
      logger.debug({ line }, `${kind.name} engine`);
    });
  }
  let end: EngineEnding<Result> | undefined;

  async function giveToken(): Promise<void> {
    const renewed = await renewToken();
    if (renewed.kind === "ok") tell({ kind: "token", token: renewed.value });
    else tell({ kind: "no-token", message: `no new token for the storage server: ${renewed.message}` });
  }

  child.on("message", (message) => {
    const progress = progressMessage.safeParse(message);
    if (progress.success) return onProgress(progress.data.progress);
    const done = doneMessage.safeParse(message);
    if (done.success) {
      end = done.data;
      return;
    }
    const sign = EngineSign.safeParse(message);
    if (!sign.success) return;
    if (sign.data.kind === "token-wanted") void giveToken();
    else end = sign.data;
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
