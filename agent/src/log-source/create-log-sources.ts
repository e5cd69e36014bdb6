import { randomUUID } from "node:crypto";
import type { LogJob, LogMultiline } from "@mycloud/protocol/log-source";
import { backoffMs } from "../backoff/index.ts";
import { createPatternGuard, createTimeLimit } from "../log-pattern/index.ts";
import type { Logger } from "../logger/index.ts";
import { sleep } from "../retry-loop/index.ts";
import { followCommand } from "./command/follow-command.ts";
import { runProgram } from "./command/run-program.ts";
import { followFiles } from "./file/follow-files.ts";
import { defaultFileTimes, type FileTimes } from "./file/following.ts";
import { createLogRoots } from "./file/open-file.ts";
import { createOpenFiles } from "./file/open-files.ts";
import { createReadBuffers } from "./file/read-buffers.ts";
import type { WatchDirectory } from "./file/watch-directories.ts";
import { type Diagnostics, followDiagnostics } from "./follow-diagnostics.ts";
import { followJournal, type JournalProgram, systemJournal } from "./journal/follow-journal.ts";
import type { LineBatch, LogPosition, LogPositions, LogSourceCounters } from "./line-batch.ts";
import type { SourceContext } from "./source-context.ts";
import { type MutableCounters, newCounters } from "./source-counters.ts";
import { createStartFinder } from "./text/find-starts.ts";
import { createTextEncoding } from "./text/text-encoding.ts";

export interface LogSourcesOptions {
  readonly jobs: readonly LogJob[];
  /** Directories below which files may be read: `logRoots` of the policy. */
  readonly roots: readonly string[];
  /** By name a program with its arguments: `logCommands` of the policy. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  readonly positions: LogPositions;
  /** Resolves when the batch was taken; until then nothing more of its source is read. When it throws, the source is begun anew after a while, where it was. */
  readonly onBatch: (batch: LineBatch) => Promise<void>;
  readonly diagnostics?: Diagnostics;
  readonly clock: { readonly nowMs: () => number; readonly monotonicMs: () => number };
  readonly random: () => number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly maximumOpenFiles?: number;
  readonly fileTimes?: FileTimes;
  readonly isWatching?: boolean;
  readonly watchDirectory?: WatchDirectory;
  /** Is called whenever a source has looked at all its files. */
  readonly onLook?: () => void;
  readonly journal?: JournalProgram;
  readonly newStream?: () => string;
}

export interface LogSources {
  /** By the source's name. */
  counters(): Readonly<Record<string, LogSourceCounters>>;
  /** Resolves when the signal has fired and everything has ended. Never rejects. */
  readonly done: Promise<void>;
}

const MAXIMUM_OPEN_FILES = 500;
const READ_BUFFERS = 4;
const retryPolicy = { baseMs: 1_000, maximumMs: 60_000 };

/** Reads the logs of all jobs until the signal fires, each source for itself: one that has to wait does not hold up the others. */
export function createLogSources(options: LogSourcesOptions): LogSources {
  const shared = {
    roots: createLogRoots(options.roots),
    openFiles: createOpenFiles(options.maximumOpenFiles ?? MAXIMUM_OPEN_FILES),
    buffers: createReadBuffers(READ_BUFFERS),
  };
  const sources = options.jobs.map((job) => createSource(options, shared, job));
  return {
    counters: () => Object.fromEntries(sources.map(({ name, counters }) => [name, counters()])),
    done: Promise.all(sources.map(({ done }) => done)).then(() => undefined),
  };
}

interface Shared {
  readonly roots: ReturnType<typeof createLogRoots>;
  readonly openFiles: ReturnType<typeof createOpenFiles>;
  readonly buffers: ReturnType<typeof createReadBuffers>;
}

function createSource(options: LogSourcesOptions, shared: Shared, job: LogJob) {
  const { signal, clock, random } = options;
  const logger = options.logger.child({ source: job.name });
  const counters = newCounters();
  // What was taken last, for beginning anew.
  const kept = new Map<string, LogPosition>(Object.entries(options.positions[job.name] ?? {}));
  let measure = () => ({ files: 0, lagBytes: 0 });

  const emit: SourceContext["emit"] = async (batch) => {
    await options.onBatch({ ...batch, source: job.name, readAtUs: clock.nowMs() * 1000 });
    for (const { stream, position } of batch.positions) {
      if (position === null) kept.delete(stream);
      else kept.set(stream, position);
    }
    counters.lines += batch.lines.length;
    counters.bytes += batch.sizeBytes;
    counters.cutLines += batch.cut.length;
  };

  function follow(): Promise<void> {
    const context = {
      source: job.name,
      positions: kept.size === 0 ? undefined : Object.fromEntries(kept),
      counters,
      logger,
      signal,
      random,
      ...clock,
      emit,
      run: (words: readonly string[], use: (piece: Buffer) => Promise<void>) => runProgram(words, use, signal),
    };
    return followInput(options, shared, job, context, (measured) => {
      measure = measured;
    });
  }

  async function followForEver(): Promise<void> {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        await follow();
        return;
      } catch (error) {
        if (signal.aborted) return;
        counters.fault = error instanceof Error ? error.message : String(error);
        logger.error({ err: error }, "a log cannot be read; it is tried again");
        await sleep(backoffMs(failures, retryPolicy, random()), signal);
        counters.fault = null;
      }
    }
  }

  return { name: job.name, counters: (): MutableCounters => ({ ...counters, ...measure() }), done: followForEver() };
}

async function followInput(
  options: LogSourcesOptions,
  shared: Shared,
  job: LogJob,
  context: SourceContext,
  setMeasure: (measure: () => { readonly files: number; readonly lagBytes: number }) => void,
): Promise<void> {
  const { input } = job;
  const times = options.fileTimes ?? defaultFileTimes;
  switch (input.type) {
    case "file":
      // Found out now, not at the first file.
      createTextEncoding(input.encoding);
      return followFiles({
        ...context,
        ...shared,
        input,
        setMeasure,
        encoding: input.encoding,
        multiline: compileMultiline(input.multiline, context),
        times,
        isWatching: options.isWatching ?? true,
        ...(options.watchDirectory === undefined ? {} : { watchDirectory: options.watchDirectory }),
        ...(options.onLook === undefined ? {} : { onLook: options.onLook }),
        newStream: options.newStream ?? randomUUID,
      });
    case "journal":
      return followJournal(context, input, options.journal ?? systemJournal);
    case "command": {
      const words = options.commands[input.command];
      if (words === undefined) {
        context.counters.refused++;
        throw new Error(`the command ${input.command} is not on the list logCommands of this host's policy`);
      }
      return followCommand(context, words, compileMultiline(input.multiline, context), times.partialLineMs);
    }
    case "agent":
      if (options.diagnostics !== undefined) await followDiagnostics(context, options.diagnostics);
      return;
  }
}

function compileMultiline(multiline: LogMultiline | null, { counters, logger }: SourceContext) {
  if (multiline === null) return null;
  const { maximumLines, timeoutMs } = multiline;
  const onTimeout = () => {
    if (counters.patternTimeouts++ > 0) return;
    logger.warn(
      { pattern: multiline.start },
      "the pattern of where records begin takes too long on a line, which goes on with the record before",
    );
  };
  const findStarts = createStartFinder(multiline.start, createPatternGuard(createTimeLimit()), onTimeout);
  return { maximumLines, timeoutMs, findStarts };
}
