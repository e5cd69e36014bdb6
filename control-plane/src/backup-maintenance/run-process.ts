import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { FromProcess, type MaintenanceResult, type MaintenanceTask, type ToProcess } from "./process/message.ts";

/** Does a task; throws Error with the words of what went wrong. */
export type RunProcess = (
  task: Omit<MaintenanceTask, "kind">,
  options: { readonly renewToken: () => Promise<string>; readonly signal: AbortSignal; readonly logger: Logger },
) => Promise<MaintenanceResult>;

const script = fileURLToPath(new URL("./process/main.ts", import.meta.url));
/** From being asked to stop to being killed. */
const graceMs = 10_000;

/** Does a maintenance task in a process of its own. */
export const runProcess: RunProcess = async (task, { renewToken, signal, logger }) => {
  signal.throwIfAborted();
  const child = fork(script, [], {
    execArgv: ["--max-semi-space-size=2"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Ctrl-C is for the control plane, which ends its process itself.
    detached: true,
  });
  const tell = (message: ToProcess) => {
    if (child.connected) child.send(message, () => undefined);
  };
  let lastLine = "";
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      lastLine = line;
      logger.debug({ line }, "backup maintenance process");
    });
  }
  let end: Extract<FromProcess, { kind: "done" | "failed" }> | undefined;
  child.on("message", (message) => {
    const told = FromProcess.safeParse(message);
    if (!told.success) return;
    if (told.data.kind !== "token-wanted") end = told.data;
    else {
      renewToken().then(
        (token) => tell({ kind: "token", token }),
        () => tell({ kind: "stop" }),
      );
    }
  });
  let killing: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    tell({ kind: "stop" });
    killing ??= setTimeout(() => child.kill("SIGKILL"), graceMs);
  };
  tell({ kind: "start", ...task });
  signal.addEventListener("abort", stop, { once: true });
  const closed = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signalName) => resolve(signalName ?? `exit code ${code}`));
  });
  clearTimeout(killing);
  signal.removeEventListener("abort", stop);
  if (end?.kind === "done") return end.result;
  if (end?.kind === "failed") throw new Error(end.message);
  throw new Error(`the maintenance process ended with ${closed}${lastLine === "" ? "" : `: ${lastLine}`}`);
};
