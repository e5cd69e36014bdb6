import { setImmediate } from "node:timers/promises";
import type { LogInput } from "@mycloud/protocol/log-source";
import type { LogPosition } from "../line-batch.ts";
import { createEventBurst } from "./event-burst.ts";
import { readSourcePosition, SOURCE_STREAM } from "./file-position.ts";
import { createFileSet } from "./file-set.ts";
import { defaultFileTimes, type FileTimes, type Following } from "./following.ts";
import { compileGlobs } from "./glob.ts";
import { createSeenDirectories, lookAround, lookAtChange } from "./look-around.ts";
import { createPastGenerations } from "./past-generations.ts";
import { createRefusals } from "./refusals.ts";
import { restoreFiles } from "./restore-files.ts";
import { settle } from "./settle.ts";
import type { TailedFile } from "./tailed-file.ts";
import { takeTurn } from "./take-turn.ts";
import { createWaiting } from "./waiting.ts";
import { createDirectoryWatches, type WatchDirectory, watchDirectory } from "./watch-directories.ts";

export interface FollowFilesOptions
  extends Pick<
    Following,
    | "source"
    | "encoding"
    | "multiline"
    | "openFiles"
    | "buffers"
    | "roots"
    | "counters"
    | "logger"
    | "signal"
    | "nowMs"
    | "monotonicMs"
    | "newStream"
    | "emit"
    | "setMeasure"
  > {
  readonly input: Pick<Extract<LogInput, { type: "file" }>, "paths" | "excludePaths" | "startAt">;
  readonly positions: Readonly<Record<string, LogPosition>> | undefined;
  readonly times?: FileTimes;
  readonly watchDirectory?: WatchDirectory;
  /** Off where changes are not to be heard of, so that everything is found by looking. */
  readonly isWatching?: boolean;
  /** Is called after each look at everything. */
  readonly onLook?: () => void;
}

/**
 * Follows the files of one source until the signal fires. One file is read at a time, all that have something to be read in turn, one buffer each; the next is read when the
 * batch before was taken.
 */
export async function followFiles(options: FollowFilesOptions): Promise<void> {
  const { input, signal, counters, logger, monotonicMs } = options;
  const times = options.times ?? defaultFileTimes;
  const globs = input.paths.flatMap((path) => compileGlobs(path));
  const excluded = input.excludePaths.flatMap((path) => compileGlobs(path, true));
  const refusals = createRefusals(counters, logger);
  let ready: TailedFile[] = [];
  const waiting = createWaiting(signal);
  const known = readSourcePosition(options.positions?.[SOURCE_STREAM]).paths.flatMap((path) => compileGlobs(path));
  const seen = createSeenDirectories();
  let isFirstLook = true;

  const following: Following = {
    ...options,
    times,
    files: createFileSet(),
    past: createPastGenerations(),
    arrivals: new Map(),
    unsettled: new Set(),
    unreadable: new Set(),
    settledStamps: new Map(),
    copies: new Map(),
    dropped: [],
    restoredNames: new Set(),
    oldDirectories: new Map(),
    timed: new Set(),
    startAt: input.startAt,
    isBeforeSource: (path) =>
      isFirstLook && !following.restoredNames.has(path) && !known.some((glob) => glob.matches(path)),
    isWanted: (path) => globs.some((glob) => glob.matches(path)) && !excluded.some((glob) => glob.matches(path)),
    queue(file) {
      if (file.isQueued) return;
      file.isQueued = true;
      ready.push(file);
    },
    refuse: refusals.refuse,
    emitPositions: (positions) => options.emit({ path: null, lines: [], cut: [], sizeBytes: 0, positions }),
  };

  options.setMeasure(() => {
    let lagBytes = 0;
    for (const file of following.files.all()) {
      if (file.compression === null) lagBytes += Math.max(0, file.size - file.offset);
    }
    return { files: following.files.size, lagBytes };
  });

  const changed = new Set<string>();
  let isAllToBeLookedAt = true;
  const countChange = createEventBurst(() => {
    isAllToBeLookedAt = true;
    waiting.wake();
  });
  const watches = createDirectoryWatches(options.watchDirectory ?? watchDirectory, (path, isRename) => {
    countChange();
    const file = isRename ? undefined : following.files.byPath(path);
    // Most changes are that a file has grown which is followed: there is nothing to be looked up.
    if (file !== undefined && file.standing !== "deleted") following.queue(file);
    else if (isRename || following.isWanted(path)) changed.add(path);
    else return;
    waiting.wake();
  });

  const countOldDirectories = () => [...following.oldDirectories.values()].reduce((sum, { size }) => sum + size, 0);
  let toldOldDirectories = 0;
  /** That it has been there, and what it found out about where rotation puts files. */
  async function tellSource(): Promise<void> {
    const oldDirectories = Object.fromEntries(
      [...following.oldDirectories].map(([directory, old]) => [directory, [...old]]),
    );
    toldOldDirectories = countOldDirectories();
    await following.emitPositions([{ stream: SOURCE_STREAM, position: { paths: [...input.paths], oldDirectories } }]);
  }

  /** Returns how many directories cannot be watched. */
  function watch(directories: ReadonlySet<string>): number {
    const { unwatched, refused, reason } = watches.set(directories);
    if (reason !== null && counters.watchFault !== reason) {
      logger.warn(
        { directories: refused, reason },
        "directories are looked at every now and then, as they cannot be watched",
      );
    }
    counters.polledDirectories = refused;
    counters.watchFault = reason;
    return unwatched;
  }

  let nextLookMs = 0;
  async function look(): Promise<void> {
    isAllToBeLookedAt = false;
    const startedMs = monotonicMs();
    const found = await lookAround(following, globs, seen);
    // Opening what is new is done once, and so is settling.
    const lookedMs = isFirstLook ? 0 : monotonicMs() - startedMs;
    // Files that are found next to one another from now on were there before each other.
    await settle(following);
    if (signal.aborted) return;
    if (isFirstLook || toldOldDirectories !== countOldDirectories()) await tellSource();
    isFirstLook = false;
    refusals.endLook();
    const isPolled = options.isWatching === false || watch(found.directories) > 0;
    const pauseMs = isPolled ? times.polledScanMs : times.watchedScanMs;
    nextLookMs = monotonicMs() + Math.max(pauseMs, times.lookShare * lookedMs);
    options.onLook?.();
  }

  function lookAtChanges(): void {
    for (const path of changed) {
      changed.delete(path);
      if (lookAtChange(following, path)) isAllToBeLookedAt = true;
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
    toldOldDirectories = countOldDirectories();
    while (!signal.aborted) {
      if (isAllToBeLookedAt || monotonicMs() >= nextLookMs) await look();
      lookAtChanges();
      // What has arrived, and what is missing, is not read before.
      await settle(following);
      queueDue();
      const turn = ready;
      ready = [];
      for (const file of turn) {
        file.isQueued = false;
        if (signal.aborted) return;
        await takeTurn(following, file);
        // A rotation that was told meanwhile has to be seen before what comes after it.
        lookAtChanges();
      }
      if (ready.length === 0 && changed.size === 0 && !isAllToBeLookedAt) {
        const dueMs = following.unsettled.size > 0 ? times.settleMs : nextDueMs() - monotonicMs();
        await waiting.wait(dueMs, times.settleMs);
      } else await setImmediate();
    }
  } finally {
    watches.close();
    counters.polledDirectories = 0;
    counters.watchFault = null;
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
