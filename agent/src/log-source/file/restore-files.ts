import { closeSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import type { LogPosition } from "../line-batch.ts";
import { descriptorBeginsWith } from "./descriptor-head.ts";
import { type FilePosition, readFilePosition, SOURCE_STREAM } from "./file-position.ts";
import { findRemainder } from "./find-remainder.ts";
import type { Following } from "./following.ts";
import { readOn } from "./lose-place.ts";
import { openLogFile } from "./open-file.ts";
import { openNow } from "./open-now.ts";
import { findByInode } from "./rotation.ts";
import { newTailedFile, type TailedFile } from "./tailed-file.ts";
import { takeInMissedGenerations } from "./take-in-file.ts";

/**
 * Finds the files again whose positions were kept: at their place, under another name, as copies or compressed. Generations that came and went meanwhile
 * are found by the way. What is not found is forgotten.
 */
export async function restoreFiles(
  following: Following,
  positions: Readonly<Record<string, LogPosition>>,
): Promise<void> {
  const lost: [string, FilePosition | null][] = [];
  const restored: TailedFile[] = [];
  for (const [stream, kept] of Object.entries(positions)) {
    if (following.signal.aborted) return;
    if (stream === SOURCE_STREAM) continue;
    const position = readFilePosition(kept);
    const file = position === null ? null : await restore(following, stream, position);
    if (file === null) lost.push([stream, position]);
    else restored.push(file);
  }
  for (const newest of newestByName(restored)) {
    if (newest.path !== newest.name) takeInMissedGenerations(following, newest);
  }
  for (const [stream, position] of lost) {
    if (position !== null && position.offset > 0) {
      following.counters.lost++;
      following.logger.warn(
        { path: position.path, readBytes: position.offset },
        "a log that was read before is not to be found any more: what came behind what was read of it is lost",
      );
    }
    await following.emitPositions([{ stream, position: null }]);
  }
}

async function restore(following: Following, stream: string, position: FilePosition): Promise<TailedFile | null> {
  const head = { length: position.headLength, hash: position.headHash };
  const interrupted = { ...position, name: position.path, stream, head };

  async function isIt(path: string, isInodeNeeded: boolean): Promise<Stats | null> {
    const opened = openLogFile(path, following.roots);
    if ("reason" in opened) return null;
    const { descriptor, stats } = opened;
    try {
      if (isInodeNeeded && stats.ino !== position.inode) return null;
      if (stats.size < position.offset || following.files.byKey(stats) !== undefined) return null;
      return (await descriptorBeginsWith(descriptor, false, head, following.signal)) ? stats : null;
    } finally {
      closeSync(descriptor);
    }
  }

  function follow(path: string, stats: Stats): TailedFile {
    const file = newTailedFile({ stream, name: position.path, path, stats, nowMs: following.monotonicMs() });
    file.offset = position.offset;
    file.state = position.state;
    file.head = head;
    file.standing = following.isWanted(path) ? "current" : "rotated";
    if (file.standing === "rotated") {
      openNow(following, file);
      following.timed.add(file);
    }
    following.files.add(file);
    following.queue(file);
    return file;
  }

  for (const path of new Set([position.seenAt, position.path])) {
    const stats = await isIt(path, true);
    if (stats !== null) return follow(path, stats);
  }
  const moved = findByInode(dirname(position.seenAt), position.inode);
  const movedStats = moved === null ? null : await isIt(moved, true);
  if (moved !== null && movedStats !== null) return follow(moved, movedStats);
  const remainder = await findRemainder(following, interrupted);
  if (remainder !== null) return readOn(following, interrupted, remainder);
  // The same content in another inode at the same place: it was copied, or brought back.
  const copied = head.length > 0 ? await isIt(position.path, false) : null;
  return copied === null ? null : follow(position.path, copied);
}

/** What is older than the newest that was known has been read, whatever it is called now. */
function newestByName(files: readonly TailedFile[]): Iterable<TailedFile> {
  const newest = new Map<string, { readonly file: TailedFile; readonly writtenMs: number }>();
  for (const file of files) {
    const stats = statSync(file.path, { throwIfNoEntry: false });
    const writtenMs = file.path === file.name ? Number.POSITIVE_INFINITY : (stats?.mtimeMs ?? 0);
    if (writtenMs >= (newest.get(file.name)?.writtenMs ?? 0)) newest.set(file.name, { file, writtenMs });
  }
  return [...newest.values()].map(({ file }) => file);
}
