import { statSync } from "node:fs";
import { dirname } from "node:path";
import { findRemainder } from "./find-remainder.ts";
import type { Following } from "./following.ts";
import { pathOfDescriptor } from "./open-file.ts";
import { openNow } from "./open-now.ts";
import { findByInode, type RotatedFile } from "./rotation.ts";
import { newTailedFile, positionOf, type TailedFile } from "./tailed-file.ts";
import { takeInMissedGenerations } from "./take-in-file.ts";

/** A followed file is no longer at its path: finds where it is now, and lets it be read to its end. */
export function locate(following: Following, file: TailedFile): void {
  const place = placeOf(file);
  const wasCurrent = file.standing === "current";
  if (place === null) file.standing = "deleted";
  else {
    following.files.move(file, place);
    file.standing = following.isWanted(place) ? "current" : "rotated";
  }
  if (file.standing !== "current" && wasCurrent) {
    file.isDrained = false;
    file.quietSinceMs = following.monotonicMs();
    following.timed.add(file);
    if (file.standing === "rotated") takeInMissedGenerations(following, file);
  }
  following.queue(file);
}

function placeOf(file: TailedFile): string | null {
  if (file.descriptor !== null) {
    const { path, isDeleted } = pathOfDescriptor(file.descriptor);
    return isDeleted ? null : path;
  }
  return findByInode(dirname(file.path), file.inode);
}

/**
 * A followed file has another content than before: it was truncated, or its inode was used again. What is left to be read of the old content is looked
 * for in the copy that rotation made of it; then the new one is read from its beginning.
 */
export async function startAnew(following: Following, file: TailedFile): Promise<void> {
  const remainder = await findRemainder(following, { ...file, name: file.path });
  following.files.remove(file);
  following.timed.delete(file);
  const stats = { dev: file.device, ino: file.inode, size: 0 };
  const anew = newTailedFile({
    stream: following.newStream(),
    name: file.path,
    path: file.path,
    stats,
    nowMs: following.monotonicMs(),
  });
  anew.standing = file.standing;
  anew.descriptor = file.descriptor;
  anew.predecessor = file.predecessor;
  file.descriptor = null;
  following.openFiles.close(file);
  if (anew.descriptor !== null) following.openFiles.used(anew);
  const copy = remainder === null ? undefined : following.files.byKey(remainder.stats);
  if (remainder !== null) anew.predecessor = readOn(following, file, remainder);
  following.files.add(anew);
  if (anew.standing !== "current") following.timed.add(anew);
  following.queue(anew);
  following.logger.info(
    { path: file.path, atBytes: file.offset },
    "a log was truncated and is read from its beginning",
  );
  await following.emitPositions([
    ...(remainder === null ? [{ stream: file.stream, position: null }] : []),
    ...(copy === undefined ? [] : [{ stream: copy.stream, position: null }]),
    positionOf(anew),
  ]);
}

/** Reads on in another file what was read in part, under the same stream. */
export function readOn(
  following: Following,
  old: Pick<TailedFile, "stream" | "name" | "offset" | "head" | "state">,
  remainder: RotatedFile,
): TailedFile {
  const copy = following.files.byKey(remainder.stats);
  if (copy !== undefined) {
    following.files.remove(copy);
    following.timed.delete(copy);
    following.openFiles.close(copy);
  }
  const file = newTailedFile({ ...remainder, stream: old.stream, name: old.name, nowMs: following.monotonicMs() });
  file.offset = old.offset;
  file.head = old.head;
  file.state = old.state;
  file.standing = following.isWanted(remainder.path) && !remainder.isCompressed ? "current" : "rotated";
  openNow(following, file);
  following.files.add(file);
  following.timed.add(file);
  following.queue(file);
  return file;
}

/**
 * A file that was closed is not to be found again. What rotation made of it is read on; otherwise it is forgotten, and lost if something was left to
 * be read.
 */
export async function missFile(following: Following, file: TailedFile): Promise<void> {
  const remainder = file.isCompressed ? null : await findRemainder(following, { ...file, name: file.name });
  await forget(following, file, remainder === null);
  if (remainder !== null) {
    const rest = readOn(following, file, remainder);
    rest.predecessor = file.predecessor;
    for (const other of following.files.all()) if (other.predecessor === file) other.predecessor = rest;
    return;
  }
  if (file.size > file.offset && file.copyOf === null) {
    following.counters.lost++;
    following.logger.warn(
      { path: file.name, readBytes: file.offset, knownBytes: file.size },
      "a log was gone before it had been read to its end",
    );
  }
}

/** Ends following a file. */
export async function forget(following: Following, file: TailedFile, isPositionForgotten = true): Promise<void> {
  following.files.remove(file);
  following.timed.delete(file);
  following.openFiles.close(file);
  file.isDrained = true;
  if (isPositionForgotten) await following.emitPositions([{ stream: file.stream, position: null }]);
}

/** Whether a path still leads to a file. */
export function isAt(file: TailedFile, path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.ino === file.inode && stats.dev === file.device;
}
