import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Logger } from "../logger/index.ts";
import type { Outcome } from "../transport/index.ts";
import { type EngineProgress, type EngineTask, FromEngine, type ToEngine } from "./engine/engine-message.ts";

/** How an engine ended. */
export type EngineEnd = Extract<FromEngine, { kind: "done" | "failed" | "stopped" }>;

export interface EngineOptions {
  readonly onProgress: (progress: EngineProgress) => void;
  /** A new token for the run. */
  readonly renewToken: () => Promise<Outcome<string>>;
  readonly logger: Logger;
  /** Stops it: no snapshot is made, what was uploaded is kept. */
  readonly signal: AbortSignal;
}

const script = fileURLToPath(new URL("./engine/main.ts", import.meta.url));
/** As bin/mycloud runs `mycloud repo`: what a backup makes and throws away goes back to the system soon. */
const nodeOptions = ["--max-semi-space-size=2", "--heap-growing-percent=20"];
const memoryEnvironment = {
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "262144",
  MALLOC_TRIM_THRESHOLD_: "1048576",
};
/** From being asked to stop to being killed. */
const graceMs = 15_000;

/** Runs the engine in a process of its own. Never throws: one that crashes has failed, and may be tried again. */
export async function runEngine(task: EngineTask, options: EngineOptions): Promise<EngineEnd> {
  const { logger, signal } = options;
  const child = fork(script, [], {
    execArgv: nodeOptions,
    env: { ...process.env, ...memoryEnvironment },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Ctrl-C is for the agent, which ends its engine itself.
    detached: true,
  });
  const tell = (message: ToEngine) => {
    if (child.connected) child.send(message, () => undefined);
  };
  let lastLine = "";
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      lastLine = line;
      logger.debug({ line }, "backup engine");
    });
  }
  let end: EngineEnd | undefined;
  child.on("message", (message) => {
    const told = FromEngine.safeParse(message);
    if (!told.success) return;
    if (told.data.kind === "progress") options.onProgress(told.data.progress);
    else if (told.data.kind === "token-wanted") {
      void options.renewToken().then((renewed) => {
        if (renewed.kind === "ok") tell({ kind: "token", token: renewed.value });
        else tell({ kind: "no-token", message: `no new token for the storage server: ${renewed.message}` });
      });
    } else end = told.data;
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
  return { kind: "failed", message: `the backup's process ended with ${closed}${words}`, isRetryable: true };
}
