import { closeSync, fstatSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { type ContentEnd, holdsNow, plainEnd } from "./content.ts";
import { emptyPiece } from "./file-head.ts";
import { isSameIdentity } from "./file-identity.ts";
import type { Following } from "./following.ts";
import { openLogFile, pathOfDescriptor } from "./open-file.ts";
import { pastOf } from "./past-generations.ts";
import { positionOf, type TailedFile } from "./tailed-file.ts";

/** So long it is remembered where something was read to that is gone, in case it comes back. */
const REMEMBERED_MS = 24 * 3_600_000;
const MAXIMUM_REMEMBERED = 1_000;

/** A followed file is no longer at its path: finds where it is now, and lets it be read to its end. */
export function locate(following: Following, file: TailedFile): void {
  const place = placeOf(following, file);
  const wasCurrent = file.standing === "current";
  if (place === "missing") miss(following, file);
  else if (place !== "deleted") moveTo(following, file, place);
  else {
    file.standing = "deleted";
    if (wasCurrent) leave(following, file);
    following.queue(file);
  }
}

/** A followed file is at another path now. */
export function moveTo(following: Following, file: TailedFile, path: string): void {
  const wasCurrent = file.standing === "current";
  following.files.move(file, path);
  file.standing = file.compression === null && following.isWanted(path) ? "current" : "rotated";
  if (file.standing !== "current" && wasCurrent) leave(following, file);
  following.queue(file);
}

/** It is at its place no more: something else may come there, and it has to be read to its end before that. */
function leave(following: Following, file: TailedFile): void {
  file.isDrained = false;
  file.quietSinceMs = following.monotonicMs();
  following.timed.add(file);
  following.unsettled.add(dirname(file.name));
}

/**
 * It is not known where a file is; it is looked for by what was read of it before anything more of its name is read. One of which nothing was read has nothing
 * to be known by: wherever it is, it is a new one.
 */
export function miss(following: Following, file: TailedFile): void {
  following.openFiles.close(file);
  following.timed.delete(file);
  following.unsettled.add(dirname(file.name));
  if (file.offset > 0) {
    following.files.miss(file);
    return;
  }
  following.files.remove(file);
  file.isDrained = true;
  following.past.release(file.name, file.stream);
  following.dropped.push(file.stream);
}

function placeOf(following: Following, file: TailedFile): string | "deleted" | "missing" {
  if (file.descriptor !== null) {
    const { path, isDeleted } = pathOfDescriptor(file.descriptor);
    learnDirectory(following, file, dirname(path));
    return isDeleted ? "deleted" : path;
  }
  // Thousands may be rotated at once: they are looked for together, in one list of their directory.
  return "missing";
}

/** A file that was rotated into another directory says where the others of its name are. */
export function learnDirectory(following: Following, file: TailedFile, directory: string): void {
  const home = dirname(file.name);
  if (directory === home || following.isWanted(`${directory}/${file.name.slice(home.length + 1)}`)) return;
  const known = following.oldDirectories.get(home);
  if (known === undefined) following.oldDirectories.set(home, new Set([directory]));
  else known.add(directory);
}

/** Whether a path leads to a file whose descriptor was closed: to its inode, with what was read of it. */
export function isIt(following: Following, file: TailedFile, path: string): boolean {
  const opened = openLogFile(path, following.roots);
  if ("reason" in opened) return false;
  const isSame = isSameIdentity(file, opened.stats);
  if (isSame && (file.compression !== null || holdsNow(opened.descriptor, file))) {
    file.descriptor = opened.descriptor;
    following.openFiles.used(file);
    return true;
  }
  closeSync(opened.descriptor);
  return false;
}

/** Ends following a file that was read to its end. What is left of it on the disk is remembered as read; what is not, as well, for a while. */
export async function forget(following: Following, file: TailedFile): Promise<void> {
  const stats = file.descriptor === null ? statSync(file.path, { throwIfNoEntry: false }) : fstatSync(file.descriptor);
  const end = endOf(file, stats?.size ?? file.offset);
  following.openFiles.close(file);
  following.timed.delete(file);
  file.isDrained = true;
  const isThere = stats !== undefined && isSameIdentity(file, stats) && stats.nlink > 0;
  if (isThere || file.isCopied || file.offset === 0) {
    following.files.remove(file);
    if (isThere && file.copyOf === null) {
      following.past.add(file.name, pastOf(stats, { head: file.head, end, copyOf: null }));
    }
    return following.emitPositions([{ stream: file.stream, position: null }, ...following.past.takeChanges()]);
  }
  following.files.miss(file);
  file.missingSinceMs = following.nowMs();
  await following.emitPositions([positionOf(file), ...dropOutdated(following)]);
}

/** What is last in a file that was read to its end: behind what was read may be a line that never ended. */
function endOf(file: TailedFile, size: number): ContentEnd {
  if (file.compression !== null || file.offset === size) return { bytes: file.offset, tail: file.tail };
  return file.descriptor === null ? { bytes: size, tail: emptyPiece } : plainEnd(file.descriptor, size);
}

/** Forgets what has been missing for a day, and the first of what is too many. */
export function dropOutdated(following: Following): { readonly stream: string; readonly position: null }[] {
  const missing = [...following.files.missing()].filter(({ missingSinceMs }) => missingSinceMs !== null);
  const nowMs = following.nowMs();
  const dropped = missing.filter(({ missingSinceMs }, index) => {
    // The clock may have been set back: what seems to be missing since later is new.
    const forMs = Math.max(0, nowMs - (missingSinceMs ?? nowMs));
    return forMs > REMEMBERED_MS || index < missing.length - MAXIMUM_REMEMBERED;
  });
  for (const file of dropped) following.files.remove(file);
  return dropped.map(({ stream }) => ({ stream, position: null }));
}

/** Whether a path still leads to a file. */
export function isAt(file: TailedFile, path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && isSameIdentity(file, stats);
}
