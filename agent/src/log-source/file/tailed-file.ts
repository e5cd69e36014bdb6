import type { Stats } from "node:fs";
import type { PositionChange } from "../line-batch.ts";
import type { LineState } from "../text/split-lines.ts";
import type { TextEncoding } from "../text/text-encoding.ts";
import type { Compression } from "./compression.ts";
import { emptyPiece, type FilePiece } from "./file-head.ts";
import { type IdentifyingStats, identityOf } from "./file-identity.ts";
import type { FilePosition } from "./file-position.ts";
import type { Openable } from "./open-files.ts";

/**
 * One generation of a log: what was written under a name until it was rotated away. It is in a file that grows, in the renamed file, in a copy, in a
 * compressed one: one after another. Everything behind `offset` is in the file itself: nothing of it is held in memory.
 */
export interface TailedFile extends Openable {
  readonly stream: string;
  /** The name it was found by, which batches carry. */
  readonly name: string;
  /** Which of the generations of its name it is. */
  generation: number;
  /** Where it is now. */
  path: string;
  device: number;
  inode: number;
  bornAtMs: number;
  head: FilePiece;
  /** What is before `offset`. */
  tail: FilePiece;
  /** Null until its first bytes were seen. */
  encoding: TextEncoding | null;
  offset: number;
  /** Where it was read to before it was read last; null where nobody knows. */
  before: { readonly offset: number; readonly tail: FilePiece } | null;
  state: LineState;
  /** What is known of its size. */
  size: number;
  compression: Compression | null;
  /** `current`: one that is looked for. `rotated`: has another name now. `deleted`: has none. `missing`: it is not known where it is. */
  standing: "current" | "rotated" | "deleted" | "missing";
  /** Since when it is known that it is not to be found, by the wall clock; null while it is there, or is still looked for. */
  missingSinceMs: number | null;
  /** Found, but not to be read before it is known what comes before it. */
  isArriving: boolean;
  /** Has to be read to its end before this one begins. */
  predecessor: TailedFile | null;
  /** Whether it has been read to its end, if it is no longer current since then. */
  isDrained: boolean;
  /** A copy that rotation made of a file (copytruncate): what is in it is read from the file itself, unless that is truncated before. */
  copyOf: TailedFile | null;
  /** Whether a file was seen that rotation made of it: when it is gone, that is where it went. */
  isCopied: boolean;
  isQueued: boolean;
  /** How often in a row it was not read since its directory was not settled. */
  putOff: number;
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
  readonly stats: IdentifyingStats & Pick<Stats, "size">;
  readonly compression?: Compression | null;
  readonly nowMs: number;
}): TailedFile {
  return {
    stream: given.stream,
    name: given.name,
    generation: 0,
    path: given.path,
    ...identityOf(given.stats),
    head: emptyPiece,
    tail: emptyPiece,
    encoding: null,
    offset: 0,
    before: null,
    state: "start",
    size: given.stats.size,
    compression: given.compression ?? null,
    standing: "current",
    missingSinceMs: null,
    isArriving: false,
    predecessor: null,
    isDrained: false,
    copyOf: null,
    isCopied: false,
    isQueued: false,
    putOff: 0,
    isForgotten: false,
    held: null,
    quietSinceMs: given.nowMs,
    descriptor: null,
    isBusy: false,
  };
}

/** What is known of a file, as if it had been looked at. */
export function statsOf({ device, inode, bornAtMs, size }: TailedFile): IdentifyingStats & Pick<Stats, "size"> {
  return { dev: device, ino: inode, birthtimeMs: bornAtMs, size };
}

/** Where a file would be read on from. */
export function positionOf(
  file: TailedFile,
  behind: Pick<TailedFile, "offset" | "state" | "tail"> = file,
): PositionChange & { readonly position: FilePosition } {
  return {
    stream: file.stream,
    position: {
      path: file.name,
      generation: file.generation,
      seenAt: file.path,
      device: file.device,
      inode: file.inode,
      bornAtMs: file.bornAtMs,
      headLength: file.head.length,
      headHash: file.head.hash,
      tailLength: behind.tail.length,
      tailHash: behind.tail.hash,
      offset: behind.offset,
      state: behind.state,
      missingSinceMs: file.missingSinceMs,
    },
  };
}
