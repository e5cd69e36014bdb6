import { fstatSync } from "node:fs";
import { dirname } from "node:path";
import { contentEnd, holdsNow, isCopyOf } from "./content.ts";
import { type Family, headOf, holds, inOrder, isStale, remember, withOpen } from "./family.ts";
import { emptyPiece, HEAD_BYTES, pieceOf } from "./file-head.ts";
import { fileKey, isSameIdentity } from "./file-identity.ts";
import type { Following } from "./following.ts";
import { isAt, isIt, learnDirectory } from "./locate.ts";
import { findAgain } from "./look-at.ts";
import { openNow } from "./open-now.ts";
import { pastOf } from "./past-generations.ts";
import { findByIdentity, isRotatedName, listRotatedFiles, nearDirectories, type RotatedFile } from "./rotated-files.ts";
import { positionOf, statsOf, type TailedFile } from "./tailed-file.ts";

/** Whether it is missing and nobody has given it up. */
export function isLookedFor({ standing, missingSinceMs }: TailedFile): boolean {
  return standing === "missing" && missingSinceMs === null;
}

/** Whether what is missing of a name may be in a file that cannot be looked into for want of a program: it waits for that, and holds up nothing. */
export function mayBeUnreadable({ following, members }: Family): boolean {
  return members.some((member) => following.unreadable.has(member));
}

/** Looks for what is missing: by inode, by what is in it, in other directories. */
export async function findMissing(family: Family): Promise<void> {
  const { following, name } = family;
  const missing = () => following.files.ofName(name).filter(({ standing }) => standing === "missing");
  for (const file of missing()) {
    await findWhereItWas(family, file);
    const others = missing().filter((other) => other !== file);
    if (file.standing === "missing" && !file.isForgotten) await findByContent(family, file, others);
  }
  for (const file of missing()) {
    if (!isLookedFor(file) || isStale(family)) continue;
    if (isUnderAnotherName(family, file) || (await isElsewhere(family, file))) continue;
    if (mayBeUnreadable(family)) file.isDrained = true;
    else giveUp(family, file);
  }
}

/**
 * The same file with the same in it is the one, unless it was truncated, or its inode used again, for one that begins alike: then an older file, which nobody knows, has it
 * in it as well. Which is the older is not known while files are renamed: then nothing is concluded.
 */
async function findWhereItWas(family: Family, file: TailedFile): Promise<void> {
  const { following } = family;
  const members = [...family.strangers, ...family.wanted, ...family.past.map(({ member }) => member)];
  for (const member of members) {
    if (isSameIdentity(file, member.stats) && (await holds(following, member, file))) {
      if (file.bornAtMs !== 0) return take(family, file, member);
      const inTurn = inOrder(family, [...new Set([...family.strangers, member])]);
      const older = inTurn.slice(0, inTurn.indexOf(member));
      const found = (await oldestHolding(family, older, file)) ?? member;
      return isStale(family) ? undefined : take(family, file, found);
    }
  }
  const arrival = family.arrivals.find((one) => isSameIdentity(file, statsOf(one)));
  if (arrival === undefined || !isHolding(following, arrival, file)) return;
  // Only what is at its place is truncated: what was renamed or deleted since it was opened is what it was.
  const isInPlace = arrival.path === family.name && isAt(arrival, family.name);
  if (file.bornAtMs !== 0 && !isInPlace) return takeArrival(family, file, arrival);
  const copies = new Set<RotatedFile>();
  for (const member of family.strangers) if (await isCopyOfArrival(following, member, arrival)) copies.add(member);
  const older = inOrder(
    family,
    family.strangers.filter((member) => !copies.has(member)),
  );
  const other = await oldestHolding(family, older, file);
  if (isStale(family)) return;
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
  if (arrival.descriptor === null) {
    // Nothing was read of it: whatever is in it now is what arrived.
    arrival.head = emptyPiece;
    openNow(following, arrival);
  }
  return arrival.descriptor !== null && holdsNow(arrival.descriptor, file);
}

/** What arrived is no new file: it is the one that was missing, at its place. */
function takeArrival(family: Family, file: TailedFile, arrival: TailedFile): void {
  const { following } = family;
  family.arrivals.splice(family.arrivals.indexOf(arrival), 1);
  const { descriptor, path, standing, isCopied } = arrival;
  const stats = statsOf(arrival);
  arrival.descriptor = null;
  following.openFiles.close(arrival);
  following.files.remove(arrival);
  findAgain(following, file, { path, stats }, descriptor);
  file.isCopied = isCopied;
  copiesAreOf(family, file, arrival);
  if (standing === "deleted") {
    file.standing = standing;
    following.timed.add(file);
  }
  family.changes.push(positionOf(file));
}

/** What was seen to be a copy of what arrived is one of the file that it turned out to be. */
function copiesAreOf(family: Family, file: TailedFile, arrival: TailedFile): void {
  const { following, name } = family;
  for (const [index, { member, past }] of family.past.entries()) {
    if (past.copyOf !== arrival.stream) continue;
    const now = { ...past, copyOf: file.stream };
    following.past.replace(name, past, now);
    family.past[index] = { member, past: now };
  }
  for (const [key, of] of following.copies) if (of === arrival) following.copies.set(key, file);
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
  const isOfAnother = ({ stats }: RotatedFile) => others.some((other) => isSameIdentity(other, stats));
  const copies = family.past.filter(({ past }) => past.copyOf === file.stream).map(({ member }) => member);
  const wanted = family.wanted.filter((member) => {
    const known = following.files.byKey(member.stats);
    return known === undefined || known.isArriving || known.copyOf !== null;
  });
  for (const member of [...copies, ...inOrder(family, family.strangers), ...wanted]) {
    if (isOfAnother(member) || !(await holds(following, member, file))) continue;
    return isStale(family) ? undefined : take(family, file, member);
  }
  if (isStale(family)) return;
  // Brought back, or copied: so much is not the same by chance.
  const arrival = file.offset < HEAD_BYTES ? undefined : family.arrivals.find(({ path }) => path === family.name);
  if (arrival !== undefined && isHolding(following, arrival, file)) return takeArrival(family, file, arrival);
  await findCopyThatEnds(family, file);
}

/**
 * What was read after it was copied and before it was truncated is not in the copy: nothing is left to be read of that. A copy that nobody saw being made has to hold what had been
 * read before that.
 */
async function findCopyThatEnds(family: Family, file: TailedFile): Promise<void> {
  const { following } = family;
  const isTruncated = family.arrivals.some((one) => isSameIdentity(file, statsOf(one)));
  for (const member of family.strangers) {
    const isSeen = following.copies.get(fileKey(member.stats)) === file;
    const isLikely = isTruncated && file.head.length === HEAD_BYTES && file.before !== null;
    if (!isSeen && !(isLikely && (await holds(following, member, { ...file, ...file.before })))) continue;
    const head = await headOf(following, member);
    const end = await withOpen(following, member, (open) => contentEnd(open, following.signal));
    if (head === null || end === null || end.bytes >= file.offset) continue;
    family.strangers = family.strangers.filter((other) => other !== member);
    remember(family, member, pastOf(member.stats, { head: pieceOf(head), end, copyOf: null }));
    finish(family, file);
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
  const path = findByIdentity(dirname(file.path), file);
  const isTaken = following.files.byKey(statsOf(file)) !== undefined;
  if (path === null || isTaken || file.compression !== null || !isIt(following, file, path)) return false;
  const { descriptor } = file;
  // It is not closed by being found.
  file.descriptor = null;
  following.openFiles.close(file);
  findAgain(following, file, { path, stats: statsOf(file) }, descriptor);
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

function finish({ following, changes }: Family, file: TailedFile): void {
  following.files.remove(file);
  file.isDrained = true;
  changes.push({ stream: file.stream, position: null });
}
