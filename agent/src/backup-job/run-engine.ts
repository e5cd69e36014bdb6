import type { TaskEnding } from "@mycloud/backup/task-process";
import { type EngineProcessOptions, runEngineProcess } from "../engine-process/index.ts";
import { EngineProgress, EngineResult, type EngineTask } from "./engine/engine-message.ts";

/** How an engine ended. */
export type EngineEnd = TaskEnding<EngineResult>;

export type EngineOptions = EngineProcessOptions<EngineProgress>;

const kind = {
  name: "backup",
  entry: new URL("./engine/main.ts", import.meta.url),
  progress: EngineProgress,
  result: EngineResult,
};

/** Runs the engine in a process of its own; stopped, it makes no snapshot, and what was uploaded is kept. Never throws. */
export async function runEngine(task: EngineTask, options: EngineOptions): Promise<EngineEnd> {
  return await runEngineProcess(kind, task, options);
}
