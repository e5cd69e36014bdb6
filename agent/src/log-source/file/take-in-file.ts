import { closeSync, readSync, type Stats, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { beginsWith, HEAD_BYTES, headOf, readHeadBytes } from "./file-head.ts";
import { findMissedGenerations } from "./find-remainder.ts";
import type { Following } from "./following.ts";
import { openLogFile } from "./open-file.ts";
import { openNow } from "./open-now.ts";
import { originNames } from "./rotation.ts";
import { newTailedFile, positionOf, type TailedFile } from "./tailed-file.ts";

/** Where reading of a file begins that is not known yet. */
export type Beginning = "beginning" | "end";

/** Starts to follow a file that was found; null when it is refused, which is said once. */
export function takeInFile(
  following: Following,
  path: string,
  beginning: Beginning,
  isNamed: boolean,
): TailedFile | null {
  const opened = openLogFile(path, following.roots);
  if ("reason" in opened) {
    // Directories that a wildcard happens to match were not asked for.
    if (!opened.isGone && (isNamed || opened.reason !== "is a directory")) following.refuse(path, opened.reason);
    return null;
  }
  const { descriptor, stats } = opened;
  const head = readHeadBytes(descriptor);
  if (head[0] === 0x1f && head[1] === 0x8b) {
    closeSync(descriptor);
    following.refuse(path, "is compressed: what rotation compressed was read before, or is found by what is in it");
    return null;
  }
  const file = newTailedFile({
    stream: following.newStream(),
    name: path,
    path,
    stats,
    nowMs: following.monotonicMs(),
  });
  file.descriptor = descriptor;
  file.head = headOf(head);
  file.predecessor = unfinished(following.files.latest(path));
  const origin = originOfCopy(following, path, head, stats);
  if (origin !== null) {
    file.copyOf = origin;
    file.offset = stats.size;
  } else if (beginning === "end") file.offset = endOfLastLine(descriptor, stats.size);
  following.files.add(file);
  following.openFiles.used(file);
  following.queue(file);
  return file;
}

/** Follows what was rotated away unseen between a file and the one that now has its name. */
export function takeInMissedGenerations(following: Following, old: TailedFile): void {
  const stats = statSync(old.path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  let predecessor = old;
  for (const missed of findMissedGenerations(following, old.name, stats)) {
    predecessor = followRotated(following, { name: old.name, ...missed }, predecessor);
  }
}

/** Follows a file that has the name of a rotated one, from its beginning. */
export function followRotated(
  following: Following,
  rotated: { readonly name: string; readonly path: string; readonly stats: Stats; readonly isCompressed: boolean },
  predecessor: TailedFile | null,
): TailedFile {
  const file = newTailedFile({ ...rotated, stream: following.newStream(), nowMs: following.monotonicMs() });
  file.standing = "rotated";
  file.predecessor = unfinished(predecessor ?? undefined);
  openNow(following, file);
  following.files.add(file);
  following.timed.add(file);
  following.queue(file);
  return file;
}

/** Positions of files that were just taken in, to be kept before anything of them was read. */
export function beginningsOf(files: readonly TailedFile[]): ReturnType<typeof positionOf>[] {
  return files.map((file) => positionOf(file));
}

/** What has to be read before something newer of the same name. */
export function unfinished(file: TailedFile | undefined): TailedFile | null {
  return file !== undefined && file.standing !== "current" && !file.isDrained ? file : null;
}

/** The followed file that a new one with a rotated name is a copy of: what is in a copy will be, or was, read from the file. */
function originOfCopy(following: Following, path: string, head: Buffer, stats: Stats): TailedFile | null {
  for (const name of originNames(basename(path))) {
    const origin = following.files.byPath(`${dirname(path)}/${name}`);
    if (origin === undefined || origin.inode === stats.ino) continue;
    // It may have been truncated meanwhile: what counts first is what was seen of it.
    if (origin.head.length >= 64 && beginsWith(head, origin.head)) return origin;
    const opened = openLogFile(origin.path, following.roots);
    if ("reason" in opened) continue;
    const bytes = readHeadBytes(opened.descriptor);
    closeSync(opened.descriptor);
    // Copying writes blocks: less than there is to be copied is no copy, unless it is more than chance can explain.
    const length = Math.min(bytes.length, head.length);
    const isLongEnough = length === Math.min(HEAD_BYTES, opened.stats.size) || length >= 64;
    if (length > 0 && isLongEnough && bytes.subarray(0, length).equals(head.subarray(0, length))) return origin;
  }
  return null;
}

/** Where a file's last, unfinished line begins: the end of the file, mostly. */
function endOfLastLine(descriptor: number, size: number): number {
  const buffer = Buffer.allocUnsafe(Math.min(size, 65_536));
  const length = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
  const lineFeed = buffer.subarray(0, length).lastIndexOf(0x0a);
  // Little-endian UTF-16 ends a line by 0A 00.
  if (lineFeed === -1) return size - (size % 2);
  const behind = size - length + lineFeed + 1;
  return buffer[lineFeed + 1] === 0 && behind < size ? behind + 1 : behind;
}
