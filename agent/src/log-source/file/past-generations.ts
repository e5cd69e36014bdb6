import { z } from "zod";
import type { LogPosition, PositionChange } from "../line-batch.ts";
import type { FilePiece } from "./file-head.ts";
import type { RotatedFile } from "./rotated-files.ts";


/** A file that rotation left and that is not to be read: it has been, or was there before the source. */
const PastGeneration = z.object({
  inode: z.number(),
  /** Of the file as it is, compressed or not. */
  sizeBytes: z.number(),
  mtimeMs: z.number(),
  /** Of what is in it; nothing where that was never looked at. */
  headLength: z.number(),
  headHash: z.string(),
  /** Of what is in it; null where that is not known. */
  contentBytes: z.number().nullable(),
  /** The stream of the generation that it is a copy of, which may still be read on here; null for others. */
  copyOf: z.string().nullable(),
});
export type PastGeneration = z.infer<typeof PastGeneration>;

/** As it is kept: many of them are, so that their names are not. */
const KeptPast = z.object({
  members: z.array(
    z.tuple([z.number(), z.number(), z.number(), z.number(), z.string(), z.number().nullable(), z.string().nullable()]),
  ),
});

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
  /** Forgets a name. */
  drop(name: string): void;
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
      if (dropped.size > 0) set(name, all.filter((past) => !dropped.has(past)));
    },
    drop(name) {
      if (byName.has(name)) set(name, []);
    },
    restore(stream, position) {
      if (!stream.startsWith(STREAM_PREFIX)) return false;
      const kept = KeptPast.safeParse(position);
      if (!kept.success) return true;
      const past = kept.data.members.map(([inode, sizeBytes, mtimeMs, headLength, headHash, contentBytes, copyOf]) => ({
        inode,
        sizeBytes,
        mtimeMs,
        headLength,
        headHash,
        contentBytes,
        copyOf,
      }));
      byName.set(stream.slice(STREAM_PREFIX.length), past);
      return true;
    },
    takeChanges() {
      const changes = [...changed].map((name) => ({ stream: STREAM_PREFIX + name, position: positionOfPast(byName.get(name)) }));
      changed.clear();
      return changes;
    },
  };
}

function positionOfPast(past: readonly PastGeneration[] | undefined): LogPosition {
  if (past === undefined) return null;
  return {
    members: past.map(({ inode, sizeBytes, mtimeMs, headLength, headHash, contentBytes, copyOf }) => [
      inode,
      sizeBytes,
      mtimeMs,
      headLength,
      headHash,
      contentBytes,
      copyOf,
    ]),
  };
}

/** What a file is remembered by when it is done with. */
export function pastOf(
  { stats, compression }: Pick<RotatedFile, "stats" | "compression">,
  known: { readonly head: FilePiece; readonly contentBytes: number | null; readonly copyOf: string | null },
): PastGeneration {
  return {
    inode: stats.ino,
    sizeBytes: stats.size,
    mtimeMs: stats.mtimeMs,
    headLength: known.head.length,
    headHash: known.head.hash,
    contentBytes: compression === null ? stats.size : known.contentBytes,
    copyOf: known.copyOf,
  };
}

/** Whether a file is a past generation, by what it is. Pure. */
export function isSameFile(past: PastGeneration, { stats }: Pick<RotatedFile, "stats">): boolean {
  return past.inode === stats.ino && past.sizeBytes === stats.size && past.mtimeMs === stats.mtimeMs;
}

/** Whether a file is a past generation that was moved by copying it: compressed files do not change, and times are exact but for those of whole seconds. Pure. */
export function isMovedFile(past: PastGeneration, { stats, compression }: Pick<RotatedFile, "stats" | "compression">): boolean {
  if (compression === null || stats.mtimeMs % 1000 === 0) return false;
  return past.sizeBytes === stats.size && past.mtimeMs === stats.mtimeMs;
}

/** Whether times of a last write are the same: a compressor may have kept whole seconds. Pure. */
export function isSameTime(leftMs: number, rightMs: number): boolean {
  const seconds = Math.floor(leftMs / 1000);
  if (Math.floor(rightMs / 1000) !== seconds) return false;
  return Math.abs(leftMs - rightMs) < 1 || leftMs === seconds * 1000 || rightMs === seconds * 1000;
}
