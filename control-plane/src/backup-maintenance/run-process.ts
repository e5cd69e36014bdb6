import { runTaskProcess } from "@mycloud/backup/task-process";
import type { Logger } from "pino";
import { z } from "zod";
import { MaintenanceResult, type MaintenanceTask } from "./process/message.ts";

/** Does a task; throws Error with the words of what went wrong. */
export type RunProcess = (
  task: Omit<MaintenanceTask, "kind">,
  options: { readonly renewToken: () => Promise<string>; readonly signal: AbortSignal; readonly logger: Logger },
) => Promise<MaintenanceResult>;

const kind = {
  name: "maintenance",
  entry: new URL("./process/main.ts", import.meta.url),
  progress: z.never(),
  result: MaintenanceResult,
  nodeOptions: ["--max-semi-space-size=2"],
};

/** Does a maintenance task in a process of its own. */
export const runProcess: RunProcess = async (task, { renewToken, signal, logger }) => {
  signal.throwIfAborted();
  const words: MaintenanceTask = { kind: "start", ...task };
  const ending = await runTaskProcess(kind, words, {
    onProgress: () => undefined,
    renewToken,
    onLine: (line) => logger.debug({ line }, "backup maintenance process"),
    signal,
  });
  if (ending.kind === "done") return ending.result;
  throw new Error(ending.kind === "stopped" ? "the maintenance was stopped" : ending.message);
};
