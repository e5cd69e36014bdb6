import type { LogInput } from "@mycloud/protocol/log-source";
import type { LogPosition } from "../line-batch.ts";
import { SOURCE_STREAM } from "./file-position.ts";
import { createFileSet } from "./file-set.ts";
import { defaultFileTimes, type FileTimes, type Following } from "./following.ts";
import { compileGlobs } from "./glob.ts";
import { lookAround, lookAtChange, readSourcePosition, sourcePosition } from "./look-around.ts";
import { restoreFiles } from "./restore-files.ts";
import type { TailedFile } from "./tailed-file.ts";
import { takeTurn } from "./take-turn.ts";
import { createWaiting } from "./waiting.ts";
import { createDirectoryWatches } from "./watch-directories.ts";

export interface FollowFilesOptions
  extends Omit<Following, "files" | "timed" | "queue" | "isWanted" | "refuse" | "emitPositions" | "times"> {
  readonly input: Pick<Extract<LogInput, { type: "file" }>, "paths" | "excludePaths" | "startAt">;
  readonly positions: Readonly<Record<string, LogPosition>> | undefined;
  readonly times?: FileTimes;
  /** Off where changes are not to be heard of, so that everything is found by looking. */
  readonly isWatching?: boolean;
}

/** So many paths are remembered as refused, for saying it once. */
const MAXIMUM_REFUSED = 10_000;

/**
 * Follows the files of one source until the signal fires. One file is read at a time, all that have something to be read in turn, one buffer each; the next is read when the
 * batch before was taken.
 */
export async function followFiles(options: FollowFilesOptions): Promise<void> {
  const { input, signal, counters, logger, monotonicMs } = options;
  const times = options.times ?? defaultFileTimes;
  const globs = input.paths.flatMap((path) => compileGlobs(path));
  const excluded = input.excludePaths.flatMap((path) => compileGlobs(path, true));
  const refused = new Map<string, string>();
  let ready: TailedFile[] = [];
  const waiting = createWaiting(signal);

  const following: Following = {
    ...options,
    times,
    files: createFileSet(),
    timed: new Set(),
    isWanted: (path) => globs.some((glob) => glob.matches(path)) && !excluded.some((glob) => glob.matches(path)),
    queue(file) {
      if (file.isQueued) return;
      file.isQueued = true;
      ready.push(file);
    },
    refuse(path, reason) {
      if (refused.get(path) === reason || refused.size >= MAXIMUM_REFUSED) return;
      if (!refused.has(path)) counters.refused++;
      refused.set(path, reason);
      logger.warn({ path, reason }, "a log is not read");
    },
    emitPositions: (positions) => options.emit({ path: null, lines: [], cut: [], sizeBytes: 0, positions }),
  };

  options.setMeasure(() => {
    let lagBytes = 0;
    for (const file of following.files.all()) {
      if (!file.isCompressed) lagBytes += Math.max(0, file.size - file.offset);
    }
    return { files: following.files.size, lagBytes };
  });

  const known = readSourcePosition(options.positions?.[SOURCE_STREAM]).flatMap((path) => compileGlobs(path));
  let isFirstLook = true;
  const beginningOf = (path: string) =>
    isFirstLook && input.startAt === "end" && !known.some((glob) => glob.matches(path)) ? "end" : "beginning";

  const changed = new Set<string>();
  let isAllToBeLookedAt = true;
  const watches = createDirectoryWatches((path, isRename) => {
    const file = isRename ? undefined : following.files.byPath(path);
    // Most changes are that a file has grown which is followed: there is nothing to be looked up.
    if (file !== undefined && file.standing !== "deleted") following.queue(file);
    else if (isRename || following.isWanted(path)) changed.add(path);
    else return;
    waiting.wake();
  });

  let nextLookMs = 0;
  async function look(): Promise<void> {
    isAllToBeLookedAt = false;
    const startedMs = monotonicMs();
    const found = await lookAround(following, globs, beginningOf);
    if (isFirstLook && !signal.aborted) {
      isFirstLook = false;
      await following.emitPositions([sourcePosition(input.paths)]);
    }
    const unwatched = options.isWatching === false ? 1 : watches.set(found.directories);
    const pauseMs = unwatched === 0 ? times.watchedScanMs : times.polledScanMs;
    // Looking never takes more than a fiftieth of the time.
    nextLookMs = monotonicMs() + Math.max(pauseMs, 50 * (monotonicMs() - startedMs));
  }

  async function lookAtChanges(): Promise<void> {
    for (const path of changed) {
      changed.delete(path);
      if (await lookAtChange(following, path)) isAllToBeLookedAt = true;
    }
  }

  function nextDueMs(): number {
    let due = nextLookMs;
    for (const file of following.timed) {
      if (file.isQueued) continue;
      due = Math.min(due, dueMs(following, file));
    }
    return due;
  }

  function queueDue(): void {
    const nowMs = monotonicMs();
    for (const file of following.timed) {
      if (file.held === null && file.standing === "current") following.timed.delete(file);
      else if (dueMs(following, file) <= nowMs) following.queue(file);
    }
  }

  try {
    await restoreFiles(following, options.positions ?? {});
    while (!signal.aborted) {
      if (isAllToBeLookedAt || monotonicMs() >= nextLookMs) await look();
      await lookAtChanges();
      queueDue();
      const turn = ready;
      ready = [];
      for (const file of turn) {
        file.isQueued = false;
        if (signal.aborted) return;
        await takeTurn(following, file);
        // A rotation that was told meanwhile has to be seen before what comes after it.
        await lookAtChanges();
      }
      if (ready.length === 0 && changed.size === 0 && !isAllToBeLookedAt) {
        await waiting.wait(nextDueMs() - monotonicMs(), times.settleMs);
      }
    }
  } finally {
    watches.close();
    for (const file of following.files.all()) following.openFiles.close(file);
  }
}

function dueMs(following: Following, file: TailedFile): number {
  const { times, multiline } = following;
  if (file.held !== null) return file.held.sinceMs + (multiline?.timeoutMs ?? times.partialLineMs);
  if (file.standing === "deleted") return file.quietSinceMs + times.deletedGraceMs;
  if (file.standing === "rotated") return file.quietSinceMs + times.rotatedGraceMs;
  return Number.POSITIVE_INFINITY;
}
