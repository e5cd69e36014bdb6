import { closeSync, fstatSync } from "node:fs";
import { dirname } from "node:path";
import type { PositionChange } from "../line-batch.ts";
import { holdsNow, isCopyOf, plainEnd } from "./content.ts";
import { stampOf } from "./directory-stamp.ts";
import { copyOf, type Family, holds, inOrder, isStale, remember, withOpen } from "./family.ts";
import { pieceOf, readHeadBytes } from "./file-head.ts";
import { fileKey, isSameIdentity } from "./file-identity.ts";
import { findMissing, isCopyOfArrival, isLookedFor, mayBeUnreadable } from "./find-missing.ts";
import type { Following } from "./following.ts";
import type { DatedFile } from "./generation-order.ts";
import { isAt } from "./locate.ts";
import { lookAt } from "./look-at.ts";
import { openLogFile } from "./open-file.ts";
import { openNow } from "./open-now.ts";
import { pastOf } from "./past-generations.ts";
import { isCounted, type RotatedFile } from "./rotated-files.ts";
import { leaveToThePast, sortOut } from "./sort-out.ts";
import { newTailedFile, positionOf, type TailedFile } from "./tailed-file.ts";
import { truncated } from "./truncated.ts";

/**
 * Finds out what each file of one name is: a generation that is followed, one that was read before the last stop, one that came and was rotated away while nobody looked,
 * a copy. They are read one after another, the oldest first; what has arrived under the name is the last. Returns the positions that
 * changed by it. When it cannot be said yet the directory stays unsettled.
 */
export async function settleName(
  following: Following,
  name: string,
  members: readonly RotatedFile[],
  arrivals: readonly TailedFile[],
): Promise<PositionChange[]> {
  const family: Family = {
    following,
    name,
    members,
    strangers: [],
    wanted: [],
    past: [],
    arrivals: [...arrivals],
    missed: new Map(),
    changes: [],
  };
  const hasHistory =
    following.past.of(name).length > 0 || following.files.ofName(name).some((file) => !file.isArriving);
  await sortOut(family);
  if (!hasHistory && following.isBeforeSource(name)) await leaveToThePast(family, family.strangers);
  else {
    await recogniseCopies(family);
    await findMissing(family);
    await recogniseNewCopies(family);
    if (mayBeKnown(family)) family.strangers = family.strangers.filter((member) => !following.unreadable.has(member));
    if (!(await isCertain(family)) || isStale(family) || isOvertaken(family) || !followMissed(family)) {
      for (const file of family.arrivals) postpone(following, file);
      return family.changes;
    }
  }
  arrange(family);
  following.past.keepOnly(name, new Set(family.past.map(({ past }) => past)));
  return family.changes;
}

function postpone(following: Following, file: TailedFile): void {
  const directory = dirname(file.name);
  following.arrivals.set(directory, [...(following.arrivals.get(directory) ?? []), file]);
  following.unsettled.add(directory);
}

/** Whether a file that cannot be looked into may be one that was read before, in part or whole. If not it is a new one, which waits for being read. */
function mayBeKnown({ following, name, past }: Family): boolean {
  return following.files.ofName(name).some(isLookedFor) || following.past.of(name).length > past.length;
}

/** A file that is being read through its descriptor may have been compressed, or be so twice for a moment. */
async function recogniseCopies(family: Family): Promise<void> {
  const { following, name } = family;
  for (const file of following.files.ofName(name)) {
    const { descriptor } = file;
    if (descriptor === null || file.isCopied || fstatSync(descriptor).nlink > 0) continue;
    file.standing = "deleted";
    // Nobody else may close it meanwhile.
    file.isBusy = true;
    try {
      for (const member of family.strangers) {
        if (!(await withOpen(following, member, (open) => isCopyOf(open, descriptor, "all", following.signal))))
          continue;
        file.isCopied = true;
        family.strangers = family.strangers.filter((other) => other !== member);
        remember(
          family,
          member,
          pastOf(member.stats, { head: file.head, end: plainEnd(descriptor), copyOf: file.stream }),
        );
        break;
      }
    } finally {
      file.isBusy = false;
    }
  }
}

/** What arrived may be about to be truncated: a copy of it was made later than it was. */
async function recogniseNewCopies(family: Family): Promise<void> {
  const { following, name } = family;
  for (const file of family.arrivals.filter(({ path }) => path === name)) {
    for (const member of family.strangers) {
      if (!(await isCopyOfArrival(following, member, file))) continue;
      following.copies.set(fileKey(member.stats), file);
      family.strangers = family.strangers.filter((other) => other !== member);
    }
  }
}

/**
 * Whether what is strange now came between what is known and what arrived. While the file that is known is still what it was at its place, nothing was rotated: what is
 * strange then is a copy of it, or none of ours.
 */
async function isCertain(family: Family): Promise<boolean> {
  const { following, name } = family;
  const current = following.files.byPath(name);
  if (following.files.ofName(name).some((file) => isLookedFor(file) && !mayBeUnreadable(family))) return false;
  if (family.strangers.length === 0 || current === undefined || current.isArriving) return true;
  if (!isAt(current, name)) {
    lookAt(following, name);
    following.unsettled.add(dirname(name));
    return false;
  }
  const opened = openLogFile(name, following.roots);
  if ("reason" in opened) return true;
  const { descriptor } = opened;
  try {
    const isSame = isSameIdentity(current, opened.stats);
    if (!isSame || !holdsNow(descriptor, current)) {
      if (isSame) truncated(following, current);
      following.unsettled.add(dirname(name));
      return false;
    }
    for (const member of family.strangers) {
      const isCopy = await withOpen(following, member, (open) =>
        isCopyOf(open, descriptor, "so far", following.signal),
      );
      if (!isCopy) continue;
      following.copies.set(fileKey(member.stats), current);
      family.strangers = family.strangers.filter((other) => other !== member);
      // Otherwise nobody would see that it was truncated.
      if (current.head.length === 0) current.head = pieceOf(readHeadBytes(descriptor));
    }
    if (isStale(family)) return false;
    if (current.head.length === 0 && family.strangers.length > 0) {
      // Nothing was ever seen in it: what is strange has been in it before it was copied and truncated.
      current.head = pieceOf(readHeadBytes(descriptor));
      current.isArriving = true;
      family.arrivals.push(current);
      return true;
    }
    for (const member of family.strangers) {
      if (!(await holds(following, member, current))) continue;
      // All that was read of it is in another file as well, which goes on otherwise: files that begin alike for longer than was read.
      truncated(following, current);
      following.unsettled.add(dirname(name));
      return false;
    }
    if (isStale(family)) return false;
    await leaveToThePast(
      family,
      family.strangers.filter(({ path }) => isCounted(path)),
    );
    family.strangers = [];
    return true;
  } finally {
    closeSync(descriptor);
  }
}

/** Whether a file that nothing was read of was deleted after the directory was listed, maybe: then it is newer than what was in the list, and older otherwise. */
function isOvertaken(family: Family): boolean {
  const { following, name } = family;
  const isGone = (file: TailedFile) =>
    file.standing === "deleted" && file.offset === 0 && copyOf(family, file) === undefined;
  const directory = dirname(name);
  if (!following.files.ofName(name).some(isGone)) return false;
  if (following.settledStamps.get(directory) === stampOf(following, directory)) return false;
  following.unsettled.add(directory);
  return true;
}

/** Puts what nothing was read of yet behind what is known, the oldest first, and lets each wait for the one before. */
function arrange(family: Family): void {
  const { following, name, arrivals } = family;
  const known = following.files.ofName(name).filter((file) => !arrivals.includes(file));
  // Where it was put before is as good as the names and copies that there were then.
  const unread = known.filter(({ offset, standing }) => offset === 0 && standing !== "missing");
  const read = known.filter((file) => !unread.includes(file));
  let generation = read.reduce((most, file) => Math.max(most, file.generation), 0);
  for (const file of inTurn(family, [...unread, ...arrivals])) {
    generation++;
    if (file.isArriving || file.generation !== generation) {
      file.generation = generation;
      family.changes.push(positionOf(file));
    }
    file.isArriving = false;
    file.isDrained = false;
    following.files.add(file);
    if (file.standing !== "current") following.timed.add(file);
  }
  let before: TailedFile | null = null;
  for (const file of following.files.ofName(name)) {
    if (file.standing === "missing") continue;
    if (!file.isDrained) file.predecessor = before;
    if ((file.standing !== "current" || file.path !== name) && !file.isDrained) before = file;
    following.queue(file);
  }
}

/** Files in the order in which they were written, with those that were missed: by the names they or their copies have now, what has none first, what is at its place last. */
function inTurn(family: Family, files: readonly TailedFile[]): TailedFile[] {
  const { name } = family;
  const byPlace = new Map<DatedFile, TailedFile>(family.missed);
  const gone: TailedFile[] = [];
  const inPlace: TailedFile[] = [];
  for (const file of files) {
    const moved = file.path === name ? undefined : family.members.find(({ path }) => path === file.path);
    const place = copyOf(family, file) ?? moved;
    if (place !== undefined) byPlace.set(place, file);
    else if (file.standing === "deleted") gone.push(file);
    else inPlace.push(file);
  }
  return [...gone, ...inOrder(family, [...byPlace.keys()]).flatMap((place) => byPlace.get(place) ?? []), ...inPlace];
}

/** Opens what came and was rotated away unseen, to be read from its beginning. Answers false when something of it has been renamed or compressed meanwhile. */
function followMissed(family: Family): boolean {
  const { following, name, missed } = family;
  for (const member of family.strangers.filter(({ path }) => isCounted(path))) {
    const file = newTailedFile({ ...member, name, stream: following.newStream(), nowMs: following.monotonicMs() });
    file.standing = "rotated";
    openNow(following, file);
    missed.set(member, file);
  }
  if ([...missed.values()].every((file) => file.descriptor !== null || isAt(file, file.path))) return true;
  for (const file of missed.values()) following.openFiles.close(file);
  following.unsettled.add(dirname(name));
  return false;
}
