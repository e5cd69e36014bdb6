import type { Logger } from "../../logger/index.ts";
import type { LineBatch, PositionChange } from "../line-batch.ts";
import type { MutableCounters } from "../source-counters.ts";
import type { JoinOptions } from "../text/join-lines.ts";
import type { FileSet } from "./file-set.ts";
import type { LogRoots } from "./open-file.ts";
import type { OpenFiles } from "./open-files.ts";
import type { PastGenerations } from "./past-generations.ts";
import type { ReadBuffers } from "./read-buffers.ts";
import type { RotatedFile } from "./rotated-files.ts";
import type { TailedFile } from "./tailed-file.ts";

/** How long things are waited for. Milliseconds of the monotonic clock. */
export interface FileTimes {
  /** Between looks at everything, where changes are told. */
  readonly watchedScanMs: number;
  /** The same where they are not. */
  readonly polledScanMs: number;
  /** After a change was told, so that one look finds many lines. */
  readonly settleMs: number;
  /** A line without an end is handed on after this. */
  readonly partialLineMs: number;
  /** How long a deleted file is kept open after it was read to its end. */
  readonly deletedGraceMs: number;
  /** How long a rotated file is followed after it grew last. */
  readonly rotatedGraceMs: number;
  /** Looking at everything takes at most one part in so many of the time. */
  readonly lookShare: number;
}

export const defaultFileTimes: FileTimes = {
  watchedScanMs: 10_000,
  polledScanMs: 1_000,
  settleMs: 20,
  partialLineMs: 5_000,
  deletedGraceMs: 5_000,
  rotatedGraceMs: 600_000,
  lookShare: 50,
};

/** All that the parts which follow the files of one source share. */
export interface Following {
  readonly source: string;
  readonly encoding: string;
  readonly multiline: (Pick<JoinOptions, "findStarts" | "maximumLines"> & { readonly timeoutMs: number }) | null;
  readonly times: FileTimes;
  readonly files: FileSet;
  /** What rotation left and is not to be read. */
  readonly past: PastGenerations;
  /** Files that were found and are not read yet, since it is not known what comes before them; by the directory. */
  readonly arrivals: Map<string, TailedFile[]>;
  /** Directories in which generations are to be told apart and put in order before anything more is read. */
  readonly unsettled: Set<string>;
  /** Compressed by programs that are not on this host, as of the last look: what is in them is not known before they are. */
  readonly unreadable: Set<RotatedFile>;
  /** What `stampOf` said of directories when they were settled last. */
  readonly settledStamps: Map<string, string>;
  /** Copies that rotation is making of files, by what they are: the file may be truncated next. */
  readonly copies: Map<string, TailedFile>;
  /** Streams of generations that are no longer followed, to be told with what is told next. */
  readonly dropped: string[];
  /** Where rotation puts the files of a directory, by the directory: logrotate's `olddir`. */
  readonly oldDirectories: Map<string, Set<string>>;
  /** Names of which something was followed before the last stop. */
  readonly restoredNames: Set<string>;
  /** Whether what is there of a name was there before the source was. */
  readonly isBeforeSource: (name: string) => boolean;
  readonly startAt: "beginning" | "end";
  readonly openFiles: OpenFiles;
  readonly buffers: ReadBuffers;
  readonly roots: LogRoots;
  readonly counters: MutableCounters;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Files that have something to be waited for: the end of a line, of a grace. */
  readonly timed: Set<TailedFile>;
  /** Whether a path is one that the source looks for. */
  readonly isWanted: (path: string) => boolean;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly newStream: () => string;
  /** Lets a file be read when it is its turn. */
  queue(file: TailedFile): void;
  /** Says once why a path is not read. */
  refuse(path: string, reason: string): void;
  emit(batch: Pick<LineBatch, "path" | "lines" | "cut" | "sizeBytes" | "positions">): Promise<void>;
  /** Is given who tells, when asked, how many files there are and how much of them is not read yet. */
  readonly setMeasure: (measure: () => { readonly files: number; readonly lagBytes: number }) => void;
  /** Only moves positions. */
  emitPositions(positions: readonly PositionChange[]): Promise<void>;
}
