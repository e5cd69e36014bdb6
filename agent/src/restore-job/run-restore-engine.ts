import type { TaskEnding } from "@mycloud/backup/task-process";
import { type EngineProcessOptions, runEngineProcess } from "../engine-process/index.ts";
import { RestoreEngineProgress, RestoreResult, type RestoreTask } from "./engine/restore-message.ts";

export type RestoreEngineEnd = TaskEnding<RestoreResult>;

export type RestoreEngineOptions = EngineProcessOptions<RestoreEngineProgress>;

const kind = {
  name: "restore",
  entry: new URL("./engine/main.ts", import.meta.url),
  progress: RestoreEngineProgress,
  result: RestoreResult,
};

/** Runs the engine in a process of its own; stopped, it leaves every file whole. Never throws. */
export async function runRestoreEngine(task: RestoreTask, options: RestoreEngineOptions): Promise<RestoreEngineEnd> {
  return await runEngineProcess(kind, task, options);
}
