import { runTaskProcess, type TaskEnding } from "@mycloud/backup/task-process";
import type { z } from "zod";
import type { Logger } from "../logger/index.ts";
import type { Outcome } from "../transport/index.ts";
import type { EngineBasics } from "./engine-basics.ts";

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
const environment = {
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "262144",
  MALLOC_TRIM_THRESHOLD_: "1048576",
};

/** Runs an engine in a process of its own. Never throws: one that crashes has failed, and may be tried again. */
export async function runEngineProcess<Progress, Result>(
  { maximumHeapMib, ...kind }: EngineKind<Progress, Result>,
  task: EngineBasics,
  { onProgress, renewToken, logger, signal }: EngineProcessOptions<Progress>,
): Promise<TaskEnding<Result>> {
  const heap = maximumHeapMib === undefined ? [] : [`--max-old-space-size=${maximumHeapMib}`];
  return await runTaskProcess({ ...kind, nodeOptions: [...nodeOptions, ...heap], environment }, task, {
    onProgress,
    onLine: (line) => logger.debug({ line }, `${kind.name} engine`),
    async renewToken() {
      const renewed = await renewToken();
      if (renewed.kind === "ok") return renewed.value;
      throw new Error(`no new token for the storage server: ${renewed.message}`);
    },
    signal,
  });
}
