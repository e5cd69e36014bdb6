import type { Stats } from "node:fs";
import type { PositionChange } from "../line-batch.ts";
import type { LineState } from "../text/split-lines.ts";
import type { TextEncoding } from "../text/text-encoding.ts";
import { emptyHead, type FileHead } from "./file-head.ts";
import type { FilePosition } from "./file-position.ts";
import type { Openable } from "./open-files.ts";

/** A file that is read as it grows. Everything behind `offset` is in the file itself: nothing of it is held in memory. */
export interface TailedFile extends Openable {
  readonly stream: string;
  /** The name it was found by, which batches carry. */
  readonly name: string;
  /** Where it is now. */
  path: string;
  device: number;
  inode: number;
  head: FileHead;
  /** Null until its first bytes were seen. */
  encoding: TextEncoding | null;
  offset: number;
  state: LineState;
  /** What is known of its size. */
  size: number;
  readonly isCompressed: boolean;
  /** `current`: one that is looked for. `rotated`: has another name now. `deleted`: has none. */
  standing: "current" | "rotated" | "deleted";
  /** Has to be read to its end before this one begins. */
  predecessor: TailedFile | null;
  /** Whether it has been read to its end, if it is no longer current since then. */
  isDrained: boolean;
  /** A copy that rotation made of a file (copytruncate): what is in it is read from the file itself, unless that is truncated before. */
  copyOf: TailedFile | null;
  isQueued: boolean;
  /** No longer followed, whoever still knows it. */
  isForgotten: boolean;
  /** Where the file ended when an unfinished line or record was seen at its end, and since when. */
  held: { readonly size: number; readonly sinceMs: number } | null;
  /** When it grew last, by the monotonic clock. */
  quietSinceMs: number;
}

/** Makes the state of a file that is read from its beginning. */
export function newTailedFile(given: {
  readonly stream: string;
  readonly name: string;
  readonly path: string;
  readonly stats: Pick<Stats, "dev" | "ino" | "size">;
  readonly isCompressed?: boolean;
  readonly nowMs: number;
}): TailedFile {
  return {
    stream: given.stream,
    name: given.name,
    path: given.path,
    device: given.stats.dev,
    inode: given.stats.ino,
    head: emptyHead,
    encoding: null,
    offset: 0,
    state: "start",
    size: given.stats.size,
    isCompressed: given.isCompressed ?? false,
    standing: "current",
    predecessor: null,
    isDrained: false,
    copyOf: null,
    isQueued: false,
    isForgotten: false,
    held: null,
    quietSinceMs: given.nowMs,
    descriptor: null,
    isBusy: false,
  };
}

/** Device and inode: unique among files that are there at the same time. */
export function fileKey(stats: { readonly dev: number; readonly ino: number }): string {
  return `${stats.dev}:${stats.ino}`;
}

/** Where a file would be read on from. */
export function positionOf(
  file: TailedFile,
  offset = file.offset,
  state = file.state,
): PositionChange & { readonly position: FilePosition } {
  return {
    stream: file.stream,
    position: {
      path: file.name,
      seenAt: file.path,
      device: file.device,
      inode: file.inode,
      headLength: file.head.length,
      headHash: file.head.hash,
      offset,
      state,
    },
  };
}
