import { serveTask, type TaskTools } from "@mycloud/backup/task-process";
import type { z } from "zod";
import { takeName } from "../agent/single-instance.ts";
import { sleep } from "../retry-loop/sleep.ts";
import type { EngineBasics } from "./engine-basics.ts";

/** How long an engine that lost its agent takes to end at most. */
const lockWaitMs = 60_000;

/** Makes this process an engine: it takes one task from its agent, does the work when no other engine of its name is there, says how it ended, and ends. */
export function serveEngine<Task extends EngineBasics, Progress extends { readonly phase: string }, Result>(
  schema: z.ZodType<Task>,
  work: (task: Task, tools: TaskTools<Progress>) => Promise<Result>,
): void {
  serveTask<Task, Progress, Result>(schema, async (task, tools) => {
    await becomeOnlyEngine(task.lockName, tools.signal);
    return await work(task, tools);
  });
}

/** One that an agent left behind, killed, may still be ending. */
async function becomeOnlyEngine(name: string, signal: AbortSignal): Promise<void> {
  for (const deadline = performance.now() + lockWaitMs; performance.now() < deadline; ) {
    if ((await takeName(name)) !== undefined) return;
    await sleep(100, signal);
    signal.throwIfAborted();
  }
  throw new Error("another run of this host does not end");
}
