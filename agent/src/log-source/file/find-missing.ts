import { fstatSync } from "node:fs";
import { dirname } from "node:path";
import { contentLength, holdsNow, isCopyOf } from "./content.ts";
import { type Family, headOf, holds, inOrder, isStale, remember, withOpen } from "./family.ts";
import { beginsWith, HEAD_BYTES, pieceOf } from "./file-head.ts";
import type { Following } from "./following.ts";
import { isIt, learnDirectory } from "./locate.ts";
import { findAgain } from "./look-at.ts";
import { openNow } from "./open-now.ts";
import { pastOf } from "./past-generations.ts";
import { findByInode, isRotatedName, listRotatedFiles, nearDirectories, type RotatedFile } from "./rotated-files.ts";
import { fileKey, positionOf, type TailedFile } from "./tailed-file.ts";

/** Looks for what is missing: by inode, by what is in it, in other directories. */
export async function findMissing(family: Family): Promise<void> {
  const { following, name } = family;
  const missing = () => following.files.ofName(name).filter(({ standing }) => standing === "missing");
  for (const file of missing()) {
    await findByIdentity(family, file);
    const others = missing().filter((other) => other !== file);
    if (file.standing === "missing" && !file.isForgotten) await findByContent(family, file, others);
  }
  for (const file of missing()) {
    if (file.missingSinceMs !== null || isStale(family)) continue;
    if (!isUnderAnotherName(family, file) && !(await isElsewhere(family, file))) giveUp(family, file);
  }
}

/**
 * The same inode with the same in it is the same file, unless the inode was used again for one that begins alike: then an older file, which nobody knows, has it
 * in it as well.
 */
async function findByIdentity(family: Family, file: TailedFile): Promise<void> {
  const { following } = family;
  const isSameInode = (stats: { readonly ino: number; readonly dev: number }) =>
    stats.ino === file.inode && stats.dev === file.device;
  const members = [...family.strangers, ...family.wanted, ...family.past.map(({ member }) => member)];
  for (const member of members) {
    if (isSameInode(member.stats) && (await holds(following, member, file))) {
      const inTurn = inOrder(family, [...new Set([...family.strangers, member])]);
      const older = inTurn.slice(0, inTurn.indexOf(member));
      return take(family, file, (await oldestHolding(family, older, file)) ?? member);
    }
  }
  const arrival = family.arrivals.find(({ inode, device }) => isSameInode({ ino: inode, dev: device }));
  if (arrival === undefined || !isHolding(following, arrival, file)) return;
  const copies = new Set<RotatedFile>();
  for (const member of family.strangers) if (await isCopyOfArrival(following, member, arrival)) copies.add(member);
  const older = inOrder(
    family,
    family.strangers.filter((member) => !copies.has(member)),
  );
  const other = await oldestHolding(family, older, file);
  if (other === undefined) takeArrival(family, file, arrival);
  else take(family, file, other);
}

async function oldestHolding(
  family: Family,
  members: readonly RotatedFile[],
  file: TailedFile,
): Promise<RotatedFile | undefined> {
  for (const member of members) if (await holds(family.following, member, file)) return member;
  return undefined;
}

function isHolding(following: Following, arrival: TailedFile, file: TailedFile): boolean {
  if (arrival.descriptor === null) isIt(following, arrival, arrival.path);
  return arrival.descriptor !== null && holdsNow(arrival.descriptor, file);
}

/** What arrived is no new file: it is the one that was missing, at its place. */
function takeArrival(family: Family, file: TailedFile, arrival: TailedFile): void {
  const { following } = family;
  family.arrivals.splice(family.arrivals.indexOf(arrival), 1);
  const { descriptor, path, device: dev, inode: ino, size } = arrival;
  arrival.descriptor = null;
  following.openFiles.close(arrival);
  following.files.remove(arrival);
  findAgain(following, file, { path, stats: { dev, ino, size } }, descriptor);
  family.changes.push(positionOf(file));
}

export async function isCopyOfArrival(following: Following, member: RotatedFile, file: TailedFile): Promise<boolean> {
  const { descriptor } = file;
  if (descriptor === null || member.stats.birthtimeMs <= fstatSync(descriptor).birthtimeMs) return false;
  file.isBusy = true;
  try {
    return (
      (await withOpen(following, member, (open) => isCopyOf(open, descriptor, "so far", following.signal))) === true
    );
  } finally {
    file.isBusy = false;
  }
}

async function findByContent(family: Family, file: TailedFile, others: readonly TailedFile[]): Promise<void> {
  const { following } = family;
  const isOfAnother = ({ stats }: RotatedFile) =>
    others.some(({ inode, device }) => inode === stats.ino && device === stats.dev);
  const copies = family.past.filter(({ past }) => past.copyOf === file.stream).map(({ member }) => member);
  const wanted = family.wanted.filter((member) => {
    const known = following.files.byKey(member.stats);
    return known === undefined || known.isArriving || known.copyOf !== null;
  });
  for (const member of [...copies, ...inOrder(family, family.strangers), ...wanted]) {
    if (!isOfAnother(member) && (await holds(following, member, file))) return take(family, file, member);
  }
  // Brought back, or copied: so much is not the same by chance.
  const arrival = file.offset < HEAD_BYTES ? undefined : family.arrivals.find(({ path }) => path === family.name);
  if (arrival !== undefined && isHolding(following, arrival, file)) return takeArrival(family, file, arrival);
  await findCopyThatEnds(family, file);
}

/** What was read after it was copied and before it was truncated is not in the copy: nothing is left to be read of that. */
async function findCopyThatEnds(family: Family, file: TailedFile): Promise<void> {
  const { following } = family;
  const isTruncated = family.arrivals.some(({ inode, device }) => inode === file.inode && device === file.device);
  for (const member of family.strangers) {
    const isSeen = following.copies.get(fileKey(member.stats)) === file;
    if (!isSeen && !(isTruncated && file.head.length === HEAD_BYTES)) continue;
    const head = await headOf(following, member);
    if (head === null || (!isSeen && !beginsWith(head, file.head))) continue;
    const length = await withOpen(following, member, (open) => contentLength(open, following.signal));
    if (length === null || length >= file.offset) continue;
    family.strangers = family.strangers.filter((other) => other !== member);
    remember(family, member, pastOf(member, { head: pieceOf(head), contentBytes: length, copyOf: null }));
    end(family, file);
    return;
  }
}

function take(family: Family, file: TailedFile, member: RotatedFile): void {
  const { following } = family;
  const followed = following.files.byKey(member.stats);
  if (followed !== undefined && followed !== file) {
    following.openFiles.close(followed);
    following.timed.delete(followed);
    following.files.remove(followed);
    family.changes.push({ stream: followed.stream, position: null });
  }
  family.strangers = family.strangers.filter((other) => other !== member);
  learnDirectory(following, file, dirname(member.path));
  findAgain(following, file, member, null);
  openNow(following, file);
  family.changes.push(positionOf(file));
}

/** Somebody may have renamed it to what no rotation would. */
function isUnderAnotherName(family: Family, file: TailedFile): boolean {
  const { following } = family;
  const path = findByInode(dirname(file.path), file.inode);
  if (path === null || file.compression !== null || !isIt(following, file, path)) return false;
  const { descriptor, device: dev, inode: ino, size } = file;
  // It is not closed by being found.
  file.descriptor = null;
  following.openFiles.close(file);
  findAgain(following, file, { path, stats: { dev, ino, size } }, descriptor);
  family.changes.push(positionOf(file));
  return true;
}

/** Whether it is in a directory where nobody has looked for files of this name; then that is looked into from now on. */
async function isElsewhere(family: Family, file: TailedFile): Promise<boolean> {
  const { following, name } = family;
  const home = dirname(name);
  const known = following.oldDirectories.get(home) ?? new Set();
  for (const directory of nearDirectories(home)) {
    if (known.has(directory) || !following.roots.contains(directory)) continue;
    for (const member of listRotatedFiles([directory], (_, found) => (isRotatedName(name, found) ? name : null))) {
      if (!(await holds(following, member, file))) continue;
      learnDirectory(following, file, directory);
      following.unsettled.add(home);
      return following.oldDirectories.get(home)?.has(directory) === true;
    }
  }
  return false;
}

/** A generation is nowhere: what comes after it does not wait for it. */
function giveUp(family: Family, file: TailedFile): void {
  const { following } = family;
  following.counters.lost++;
  following.logger.warn(
    { path: file.name, readBytes: file.offset },
    "a log that was read before is not to be found any more: what came behind what was read of it is lost",
  );
  file.missingSinceMs = following.nowMs();
  file.isDrained = true;
  family.changes.push(positionOf(file));
}

function end({ following, changes }: Family, file: TailedFile): void {
  following.files.remove(file);
  file.isDrained = true;
  changes.push({ stream: file.stream, position: null });
}
