import { closeSync, fstatSync } from "node:fs";
import { dirname } from "node:path";
import type { PositionChange } from "../line-batch.ts";
import { holdsNow, isCopyOf } from "./content.ts";
import { type Family, holds, inOrder, isStale, remember, withOpen } from "./family.ts";
import { pieceOf, readHeadBytes } from "./file-head.ts";
import { findMissing, isCopyOfArrival } from "./find-missing.ts";
import type { Following } from "./following.ts";
import type { DatedFile } from "./generation-order.ts";
import { isAt } from "./locate.ts";
import { lookAt } from "./look-at.ts";
import { openLogFile } from "./open-file.ts";
import { openNow } from "./open-now.ts";
import { pastOf } from "./past-generations.ts";
import { isCounted, type RotatedFile } from "./rotated-files.ts";
import { leaveToThePast, sortOut } from "./sort-out.ts";
import { fileKey, newTailedFile, positionOf, type TailedFile } from "./tailed-file.ts";
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
    copiesOfArrivals: new Map(),
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
    if (!(await isCertain(family)) || isStale(family) || !followMissed(family)) {
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
        if (file.isArriving) family.copiesOfArrivals.set(file, member);
        remember(family, member, pastOf(member, { head: file.head, contentBytes: file.size, copyOf: file.stream }));
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
  if (
    following.files
      .ofName(name)
      .some(({ standing, missingSinceMs }) => standing === "missing" && missingSinceMs === null)
  ) {
    return false;
  }
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
    if (opened.stats.ino !== current.inode || !holdsNow(descriptor, current)) {
      if (opened.stats.ino === current.inode) truncated(following, current);
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

/** Puts what is new behind what is known, and lets each wait for the one before. */
function arrange(family: Family): void {
  const { following, name } = family;
  const places = new Map<TailedFile, DatedFile>();
  for (const file of family.arrivals) {
    const moved = file.path === name ? undefined : family.members.find(({ path }) => path === file.path);
    const place = family.copiesOfArrivals.get(file) ?? moved;
    if (place !== undefined) places.set(file, place);
  }
  const missed = new Map<DatedFile, TailedFile>([...places].map(([file, place]) => [place, file]));
  for (const [member, file] of family.missed) missed.set(member, file);
  const inTheEnd = family.arrivals.filter((file) => !places.has(file));
  const known = following.files.ofName(name);
  let generation = known.reduce((most, file) => Math.max(most, file.generation), 0);
  for (const file of [
    ...inOrder(family, [...missed.keys()]).flatMap((place) => missed.get(place) ?? []),
    ...inTheEnd,
  ]) {
    file.generation = ++generation;
    file.isArriving = false;
    file.isDrained = false;
    following.files.add(file);
    if (file.standing !== "current") following.timed.add(file);
    family.changes.push(positionOf(file));
  }
  let before: TailedFile | null = null;
  for (const file of [...following.files.ofName(name)].sort((left, right) => left.generation - right.generation)) {
    if (file.standing === "missing") continue;
    if (!file.isDrained) file.predecessor = before;
    if ((file.standing !== "current" || file.path !== name) && !file.isDrained) before = file;
    following.queue(file);
  }
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
