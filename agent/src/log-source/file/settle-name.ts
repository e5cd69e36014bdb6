import { closeSync, fstatSync } from "node:fs";
import { dirname } from "node:path";
import type { PositionChange } from "../line-batch.ts";
import { MissingProgramError } from "./compression.ts";
import { contentLength, holdsContent, holdsNow, isCopyOf, type OpenContent, readHead } from "./content.ts";
import { beginsWith, emptyPiece, HEAD_BYTES, pieceOf, readHeadBytes } from "./file-head.ts";
import type { Following } from "./following.ts";
import { type DatedFile, orderGenerations } from "./generation-order.ts";
import { isAt, isIt, learnDirectory, miss, moveTo } from "./locate.ts";
import { findAgain, lookAt } from "./look-at.ts";
import { openLogFile } from "./open-file.ts";
import { openNow } from "./open-now.ts";
import { isMovedFile, isSameFile, isSameSecond, isSameTime, type PastGeneration, pastOf } from "./past-generations.ts";
import { isCounted, isRotatedName, listRotatedFiles, nearDirectories, type RotatedFile } from "./rotated-files.ts";
import { fileKey, newTailedFile, positionOf, type TailedFile } from "./tailed-file.ts";
import { truncated } from "./truncated.ts";

/** What there is of one name while its generations are told apart. */
interface Family {
  readonly following: Following;
  readonly name: string;
  /** What rotation left in the directories where it puts the files of this name. */
  readonly members: readonly RotatedFile[];
  /** Those of them of which nothing is known. */
  strangers: RotatedFile[];
  /** Those that are followed under their own names, or would be: a generation that is missing may be in them. */
  readonly wanted: RotatedFile[];
  readonly past: { readonly member: RotatedFile; readonly past: PastGeneration }[];
  readonly arrivals: TailedFile[];
  /** Those of them that came and were rotated away unseen. */
  readonly missed: Map<RotatedFile, TailedFile>;
  /** Where a file is that arrived and is gone already. */
  readonly copiesOfArrivals: Map<TailedFile, RotatedFile>;
  readonly changes: PositionChange[];
}

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

/** Whether something was renamed or compressed since the directory was listed, or is to be looked for elsewhere. */
function isStale({ following, name }: Family): boolean {
  return following.unsettled.has(dirname(name));
}

function postpone(following: Following, file: TailedFile): void {
  const directory = dirname(file.name);
  following.arrivals.set(directory, [...(following.arrivals.get(directory) ?? []), file]);
  following.unsettled.add(directory);
}

/** What is followed and what is past is no stranger. */
async function sortOut(family: Family): Promise<void> {
  const { following, name } = family;
  const unknown: RotatedFile[] = [];
  for (const member of family.members) {
    const known = following.files.byKey(member.stats);
    if (known !== undefined && known.copyOf === null && (!known.isArriving || known.name === name)) {
      if (known.descriptor !== null || isIt(following, known, member.path)) {
        if (known.path !== member.path && !isAt(known, known.path)) moveTo(following, known, member.path);
        continue;
      }
      // Another file has its inode.
      miss(following, known);
    }
    const isOwn = member.compression === null && following.isWanted(member.path);
    if (isOwn) family.wanted.push(member);
    else if (member.stats.size > 0) unknown.push(member);
  }
  const present = new Set(family.members.map(({ stats }) => fileKey(stats)));
  for (const file of following.files.ofName(name)) {
    if (file.standing === "missing" || file.descriptor !== null) continue;
    if (file.standing === "current" && file.path === name) continue;
    if (!present.has(keyOf(file)) && !isAt(file, file.path)) miss(following, file);
  }
  const past = following.past.of(name);
  const absent = new Set(past);
  const identify = (members: readonly RotatedFile[], isIt: (one: PastGeneration, member: RotatedFile) => boolean) =>
    members.filter((member) => {
      const same = past.find((one) => absent.has(one) && isIt(one, member));
      if (same === undefined) return true;
      absent.delete(same);
      family.past.push({ member, past: same });
      return false;
    });
  // Who is surely there is not taken for another one.
  family.strangers = identify(identify(unknown, isSameFile), isMovedFile);
  for (const findChanged of [findByTime, findByLength]) {
    for (const member of absent.size === 0 ? [] : family.strangers) {
      const head = await headOf(following, member);
      const changed = head === null ? undefined : await findChanged(family, beginningAlike(absent, head), member);
      if (changed === undefined) continue;
      absent.delete(changed);
      acceptChanged(family, member, changed);
    }
  }
}

function keyOf(file: TailedFile): string {
  return fileKey({ dev: file.device, ino: file.inode });
}

function beginningAlike(absent: ReadonlySet<PastGeneration>, head: Buffer): PastGeneration[] {
  return [...absent].filter(
    (past) => past.headLength > 0 && beginsWith(head, { length: past.headLength, hash: past.headHash }),
  );
}

/** What is past may have grown, or have been compressed by a program that keeps the time of the last write. */
function findByTime(
  _family: Family,
  alike: readonly PastGeneration[],
  { stats, compression }: RotatedFile,
): Promise<PastGeneration | undefined> {
  const grown = compression === null ? alike.find((past) => past.inode === stats.ino) : undefined;
  return Promise.resolve(grown ?? alike.find((past) => isSameTime(past.mtimeMs, stats.mtimeMs)));
}

/** The same, by a program that keeps no time, or whole seconds. */
async function findByLength(
  { following }: Family,
  alike: readonly PastGeneration[],
  member: RotatedFile,
): Promise<PastGeneration | undefined> {
  if (member.compression === null || alike.every(({ contentBytes }) => contentBytes === null)) return undefined;
  const length = await withOpen(following, member, (open) => contentLength(open, following.signal));
  const sameLength = alike.filter(({ contentBytes }) => contentBytes !== null && contentBytes === length);
  return sameLength.find((past) => isSameSecond(past.mtimeMs, member.stats.mtimeMs)) ?? sameLength[0];
}

function acceptChanged(family: Family, member: RotatedFile, found: PastGeneration): void {
  const known = {
    head: { length: found.headLength, hash: found.headHash },
    contentBytes: found.contentBytes,
    copyOf: found.copyOf,
  };
  const now = pastOf(member, known);
  family.following.past.replace(family.name, found, now);
  family.past.push({ member, past: now });
  family.strangers = family.strangers.filter((other) => other !== member);
}

async function leaveToThePast(family: Family, members: readonly RotatedFile[]): Promise<void> {
  const { following, name } = family;
  for (const member of members) {
    // What is compressed changes no more: its time and size are enough.
    const head = member.compression === null ? await headOf(following, member) : null;
    remember(
      family,
      member,
      pastOf(member, { head: pieceOf(head ?? Buffer.alloc(0)), contentBytes: null, copyOf: null }),
    );
  }
  family.strangers = family.strangers.filter((member) => !members.includes(member));
  if (members.length > 0) following.past.keepOnly(name, new Set(family.past.map(({ past }) => past)));
}

function remember(family: Family, member: RotatedFile, past: PastGeneration): void {
  family.following.past.add(family.name, past);
  family.past.push({ member, past });
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

/** Looks for what is missing: by inode, by what is in it, in other directories. */
async function findMissing(family: Family): Promise<void> {
  const { following, name } = family;
  const missing = () => following.files.ofName(name).filter(({ standing }) => standing === "missing");
  for (const file of missing()) {
    await findByIdentity(family, file);
    const others = missing().filter((other) => other !== file);
    if (file.standing === "missing" && !file.isForgotten) await findByContent(family, file, others);
  }
  for (const file of missing()) {
    if (file.missingSinceMs !== null || isStale(family)) continue;
    if (!(await isElsewhere(family, file))) giveUp(family, file);
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

async function isCopyOfArrival(following: Following, member: RotatedFile, file: TailedFile): Promise<boolean> {
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

/** Older than all of these is what was known of the name before. */
function inOrder<File extends DatedFile>(family: Family, files: readonly File[]): File[] {
  const { following } = family;
  const asked = new Set<DatedFile>([...files, ...family.copiesOfArrivals.values()]);
  const past = family.past.map(({ member }) => member);
  const followed = family.members.filter(({ stats }) => following.files.byKey(stats)?.isArriving === false);
  return orderGenerations(
    files,
    [...past, ...followed].filter((member) => !asked.has(member)),
  );
}

async function holds(following: Following, member: RotatedFile, file: TailedFile): Promise<boolean> {
  const read =
    member.compression === null ? file : { ...file, tail: file.compression === null ? file.tail : emptyPiece };
  return (await withOpen(following, member, (open) => holdsContent(open, read, following.signal))) === true;
}

function headOf(following: Following, member: RotatedFile): Promise<Buffer | null> {
  return withOpen(following, member, (open) => readHead(open, following.signal));
}

/** Opens a file for a look; null when it cannot be read, or is another one by now, which is seen at the next look. */
async function withOpen<Result>(
  following: Following,
  member: RotatedFile,
  use: (open: OpenContent) => Promise<Result>,
): Promise<Result | null> {
  const opened = openLogFile(member.path, following.roots);
  if ("reason" in opened) {
    if (opened.isGone) following.unsettled.add(dirname(member.origin));
    else following.refuse(member.path, opened.reason);
    return null;
  }
  const { descriptor } = opened;
  try {
    if (opened.stats.ino !== member.stats.ino) {
      following.unsettled.add(dirname(member.origin));
      return null;
    }
    return await use({ descriptor, compression: member.compression });
  } catch (error) {
    if (error instanceof MissingProgramError) following.refuse(member.path, error.message);
    return null;
  } finally {
    closeSync(descriptor);
  }
}
