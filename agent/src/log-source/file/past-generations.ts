import type { Stats } from "node:fs";
import {
  readAny,
  readList,
  readNullable,
  readNumber,
  readObject,
  readOrNull,
  readText,
  readWithDefault,
} from "../../kept-json/index.ts";
import type { LogPosition, PositionChange } from "../line-batch.ts";
import type { ContentEnd } from "./content.ts";
import type { FilePiece } from "./file-head.ts";
import type { RotatedFile } from "./rotated-files.ts";

/** A file that rotation left and that is not to be read: it has been, or was there before the source. */
export interface PastGeneration {
  readonly inode: number;
  /** Of the file as it is, compressed or not. */
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** Of what is in it; nothing where that was never looked at. */
  readonly head: FilePiece;
  /** Of what is in it; null where that is not known. Files may begin alike. */
  readonly end: ContentEnd | null;
  /** The stream of the generation that it is a copy of, which may still be read on here; null for others. */
  readonly copyOf: string | null;
}

/** As it is kept: many of them are, so that their names are not. */
function readPast(value: unknown): PastGeneration {
  const [inode, sizeBytes, mtimeMs, headLength, headHash, contentBytes, copyOf, tailLength, tailHash] =
    readList(readAny)(value);
  const bytes = readNullable(readNumber)(contentBytes);
  const tail = { length: readWithDefault(readNumber, 0)(tailLength), hash: readWithDefault(readText, "")(tailHash) };
  return {
    inode: readNumber(inode),
    sizeBytes: readNumber(sizeBytes),
    mtimeMs: readNumber(mtimeMs),
    head: { length: readNumber(headLength), hash: readText(headHash) },
    end: bytes === null ? null : { bytes, tail },
    copyOf: readNullable(readText)(copyOf),
  };
}
const readKeptPast = readObject({ members: readList(readPast) });

const STREAM_PREFIX = "past:";

/** So many that are no longer there are remembered of a name: they may be compressed, or moved, just now. */
const KEPT_ABSENT = 8;

/** What is done with, by the name it was rotated from. */
export interface PastGenerations {
  of(name: string): readonly PastGeneration[];
  add(name: string, past: PastGeneration): void;
  /** What was known by another file is this one now. */
  replace(name: string, before: PastGeneration, now: PastGeneration): void;
  /** Forgets those that no file is of any more, but for the last. */
  keepOnly(name: string, present: ReadonlySet<PastGeneration>): void;
  /** What was a copy of a generation is none any more: nothing was read of that, and all of it is to be read from the copy. */
  release(name: string, stream: string): void;
  /** Takes a stream's position in; false when it is none of these. */
  restore(stream: string, position: LogPosition): boolean;
  /** What has changed since the last call, to be kept. */
  takeChanges(): PositionChange[];
}

/** Makes it with nothing in it. */
export function createPastGenerations(): PastGenerations {
  const byName = new Map<string, PastGeneration[]>();
  const changed = new Set<string>();

  function set(name: string, past: PastGeneration[]): void {
    if (past.length === 0) byName.delete(name);
    else byName.set(name, past);
    changed.add(name);
  }

  return {
    of: (name) => byName.get(name) ?? [],
    add: (name, past) => set(name, [...(byName.get(name) ?? []), past]),
    replace: (name, before, now) =>
      set(
        name,
        (byName.get(name) ?? []).map((past) => (past === before ? now : past)),
      ),
    keepOnly(name, present) {
      const all = byName.get(name) ?? [];
      const absent = all.filter((past) => !present.has(past));
      const dropped = new Set(absent.slice(0, Math.max(0, absent.length - KEPT_ABSENT)));
      if (dropped.size > 0)
        set(
          name,
          all.filter((past) => !dropped.has(past)),
        );
    },
    release(name, stream) {
      const all = byName.get(name) ?? [];
      if (all.some(({ copyOf }) => copyOf === stream))
        set(
          name,
          all.filter(({ copyOf }) => copyOf !== stream),
        );
    },
    restore(stream, position) {
      if (!stream.startsWith(STREAM_PREFIX)) return false;
      const kept = readOrNull(readKeptPast, position);
      if (kept === null) return true;
      byName.set(stream.slice(STREAM_PREFIX.length), kept.members);
      return true;
    },
    takeChanges() {
      const changes = [...changed].map((name) => ({
        stream: STREAM_PREFIX + name,
        position: positionOfPast(byName.get(name)),
      }));
      changed.clear();
      return changes;
    },
  };
}

function positionOfPast(past: readonly PastGeneration[] | undefined): LogPosition {
  if (past === undefined) return null;
  return {
    members: past.map((one) => [
      one.inode,
      one.sizeBytes,
      one.mtimeMs,
      one.head.length,
      one.head.hash,
      one.end?.bytes ?? null,
      one.copyOf,
      one.end?.tail.length ?? 0,
      one.end?.tail.hash ?? "",
    ]),
  };
}

/** What a file is remembered by when it is done with. */
export function pastOf(
  stats: Pick<Stats, "ino" | "size" | "mtimeMs">,
  known: Pick<PastGeneration, "head" | "end" | "copyOf">,
): PastGeneration {
  const { head, end, copyOf } = known;
  return { inode: stats.ino, sizeBytes: stats.size, mtimeMs: stats.mtimeMs, head, end, copyOf };
}

/** Whether a file is a past generation, by what it is. Pure. */
export function isSameFile(past: PastGeneration, { stats }: Pick<RotatedFile, "stats">): boolean {
  return past.inode === stats.ino && past.sizeBytes === stats.size && past.mtimeMs === stats.mtimeMs;
}

/** Whether a file is a past generation that was moved by copying it: compressed files do not change, and times are exact but for those of whole seconds. Pure. */
export function isMovedFile(
  past: PastGeneration,
  { stats, compression }: Pick<RotatedFile, "stats" | "compression">,
): boolean {
  if (compression === null || stats.mtimeMs % 1000 === 0) return false;
  return past.sizeBytes === stats.size && past.mtimeMs === stats.mtimeMs;
}

/** Whether times of a last write are the same, and not only since they are of whole seconds. Pure. */
export function isSameTime(leftMs: number, rightMs: number): boolean {
  return leftMs === rightMs && leftMs % 1000 !== 0;
}

/** Whether times of a last write are the same as far as a compressor kept them. Pure. */
export function isSameSecond(leftMs: number, rightMs: number): boolean {
  return Math.floor(leftMs / 1000) === Math.floor(rightMs / 1000);
}
