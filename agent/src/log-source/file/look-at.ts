import { closeSync, readSync, type Stats, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { compressionOf } from "./compression.ts";
import { holdsNow } from "./content.ts";
import { beginsWith, HEAD_BYTES, pieceOf, readHeadBytes } from "./file-head.ts";
import { type IdentifyingStats, identityOf, isSameIdentity } from "./file-identity.ts";
import type { Following } from "./following.ts";
import { isAt, locate } from "./locate.ts";
import { openLogFile } from "./open-file.ts";
import { originNames } from "./rotated-files.ts";
import { newTailedFile, type TailedFile } from "./tailed-file.ts";

/** Looks at one path that the source wants: what is new there arrives, what was there before is followed to where it is now. */
export function lookAt(following: Following, path: string, isNamed = false): void {
  if (!following.roots.contains(path)) {
    if (isNamed) following.refuse(path, "is outside of the directories that this host's policy names");
    return;
  }
  const stats = lookUp(path);
  const before = following.files.byPath(path);
  if (stats === undefined) {
    if (before !== undefined) locate(following, before);
    return;
  }
  const known = following.files.byKey(stats);
  if (before !== undefined && before !== known) locate(following, before);
  if (known === undefined) {
    arrive(following, path, isNamed);
    return;
  }
  if (known.path !== path && !isAt(known, known.path)) following.files.move(known, path);
  if (known.path === path) known.standing = "current";
  if (stats.size !== known.offset || known.held !== null) following.queue(known);
  known.size = stats.size;
}

/** What is at a path, links followed; undefined when nothing is, or nothing that may be looked at. */
export function lookUp(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // EACCES, ELOOP, ENAMETOOLONG: not to be looked at is not to be read.
    return undefined;
  }
}

/** A file that is not followed: it is read on when it was before, and waits for being put in order otherwise. */
function arrive(following: Following, path: string, isNamed: boolean): void {
  const opened = openLogFile(path, following.roots);
  if ("reason" in opened) {
    // Directories that a wildcard happens to match were not asked for.
    if (!opened.isGone && (isNamed || opened.reason !== "is a directory")) following.refuse(path, opened.reason);
    return;
  }
  const { descriptor, stats } = opened;
  const head = readHeadBytes(descriptor);
  if (isCompressed(head) || compressionOf(path) !== null) {
    closeSync(descriptor);
    if (isOfWanted(following, path)) following.unsettled.add(dirname(path));
    else following.refuse(path, "is compressed, and no log is known that rotation has made it of");
    return;
  }
  const missing = following.files.missingByKey(stats);
  // Under its own name it is found when it is known what else there is.
  if (missing !== undefined && missing.name !== path && missing.compression === null && holdsNow(descriptor, missing)) {
    findAgain(following, missing, { path, stats }, descriptor);
    return;
  }
  const file = newTailedFile({
    stream: following.newStream(),
    name: path,
    path,
    stats,
    nowMs: following.monotonicMs(),
  });
  file.descriptor = descriptor;
  file.head = pieceOf(head);
  file.copyOf = originOfCopy(following, path, head, stats);
  if (file.copyOf !== null) file.offset = stats.size;
  else if (following.startAt === "end" && following.isBeforeSource(path)) {
    file.offset = endOfLastLine(descriptor, stats.size);
  }
  following.openFiles.used(file);
  following.files.add(file);
  addArrival(following, file);
}

/** Lets a file wait until it is known what comes before it. */
export function addArrival(following: Following, file: TailedFile): void {
  file.isArriving = true;
  const directory = dirname(file.name);
  const arrivals = following.arrivals.get(directory);
  if (arrivals === undefined) following.arrivals.set(directory, [file]);
  else arrivals.push(file);
  following.unsettled.add(directory);
}

/** A generation that was missing is where a file is, under its own name or another one. */
export function findAgain(
  following: Following,
  file: TailedFile,
  place: { readonly path: string; readonly stats: IdentifyingStats & Pick<Stats, "size"> },
  descriptor: number | null,
): void {
  following.openFiles.close(file);
  file.path = place.path;
  Object.assign(file, identityOf(place.stats));
  file.compression = compressionOf(place.path);
  file.size = place.stats.size;
  file.missingSinceMs = null;
  file.isDrained = false;
  file.held = null;
  file.quietSinceMs = following.monotonicMs();
  file.standing = file.compression === null && following.isWanted(place.path) ? "current" : "rotated";
  file.descriptor = descriptor;
  if (descriptor !== null) following.openFiles.used(file);
  following.files.add(file);
  if (file.standing === "rotated") following.timed.add(file);
  following.queue(file);
}

function isOfWanted(following: Following, path: string): boolean {
  return originNames(basename(path)).some((name) => following.isWanted(`${dirname(path)}/${name}`));
}

/** gzip, zstd, bzip2, xz: by what their files begin with. */
function isCompressed(head: Buffer): boolean {
  return ["1f8b", "28b52ffd", "425a68", "fd377a585a00"].some((magic) =>
    head.subarray(0, magic.length / 2).equals(Buffer.from(magic, "hex")),
  );
}

/** The followed file that a new one with a rotated name is a copy of: what is in a copy will be, or was, read from the file. */
function originOfCopy(following: Following, path: string, head: Buffer, stats: Stats): TailedFile | null {
  for (const name of originNames(basename(path))) {
    const origin = following.files.byPath(`${dirname(path)}/${name}`);
    if (origin === undefined || isSameIdentity(origin, stats)) continue;
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
