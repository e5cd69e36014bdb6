import { InputError, UnavailableError } from "@mycloud/backup/error";
import type { ExcludesContent, ExcludesPreview } from "@mycloud/protocol/backup-policy";
import { z } from "zod";
import { runEngineProcess } from "../engine-process/index.ts";
import type { Logger } from "../logger/index.ts";
import { PreviewOutcome, type PreviewTask } from "./engine/preview-message.ts";

export interface ExcludesPreviewerOptions {
  readonly hostName: string;
  readonly logger: Logger;
  /** How long the counting may take; 50 s. */
  readonly withinMs?: number;
}

export interface ExcludesPreviewer {
  /** Throws InputError for rules that mean nothing, UnavailableError when too much is asked or the machine hangs, and the signal's reason. */
  preview(content: ExcludesContent, signal: AbortSignal): Promise<ExcludesPreview>;
}

/** Each has a process, and the disk. */
const previewsAtOnce = 2;
/** Control planes, and what stands before them, wait a minute for the first byte of an answer. */
const defaultWithinMs = 50_000;
/** From its time being up to its being given up: a file system may hang. */
const graceMs = 6_000;

const kind = {
  name: "excludes preview",
  entry: new URL("./engine/main.ts", import.meta.url),
  progress: z.object({ phase: z.string() }),
  result: PreviewOutcome,
  maximumHeapMib: 192,
};

/** Makes one; no process runs until something is asked, and none after its answer. */
export function createExcludesPreviewer(options: ExcludesPreviewerOptions): ExcludesPreviewer {
  const { hostName, logger, withinMs = defaultWithinMs } = options;
  let underWay = 0;
  let lastNumber = 0;

  return {
    async preview(content, signal) {
      signal.throwIfAborted();
      if (underWay >= previewsAtOnce) {
        throw new UnavailableError(`${hostName} is counting for others already; try again in a minute`);
      }
      underWay += 1;
      const lockName = `mycloud-excludes-${process.pid}-${++lastNumber}`;
      const task: PreviewTask & { kind: "start" } = { kind: "start", token: "", lockName, content, withinMs };
      const late = AbortSignal.timeout(withinMs + graceMs);
      const ending = runEngineProcess(kind, task, {
        onProgress: () => undefined,
        renewToken: async () => ({ kind: "refused", message: "no repository is asked" }),
        logger,
        signal: AbortSignal.any([signal, late]),
      });
      // A process that hangs is in its place until it is gone.
      void ending.finally(() => {
        underWay -= 1;
      });
      const ended = await Promise.race([ending, untilAborted(late)]);
      signal.throwIfAborted();
      if (ended === null || ended.kind === "stopped") {
        throw new UnavailableError(`a file system of ${hostName} does not answer`);
      }
      if (ended.kind === "failed")
        throw new UnavailableError(`what is left out could not be counted: ${ended.message}`);
      if (ended.result.kind === "refused") throw new InputError(ended.result.message);
      return ended.result.preview;
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
}
