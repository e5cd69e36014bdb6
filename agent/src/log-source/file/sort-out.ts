import { type ContentEnd, contentEnd, holdsNow, plainEnd } from "./content.ts";
import { type Family, headOf, remember, withOpen } from "./family.ts";
import { beginsWith, emptyPiece, pieceOf } from "./file-head.ts";
import { fileKey, keyOf } from "./file-identity.ts";
import type { Following } from "./following.ts";
import { isAt, isIt, miss, moveTo } from "./locate.ts";
import { isMovedFile, isSameFile, isSameSecond, isSameTime, type PastGeneration, pastOf } from "./past-generations.ts";
import type { RotatedFile } from "./rotated-files.ts";
import type { TailedFile } from "./tailed-file.ts";

/** What is followed and what is past is no stranger. */
export async function sortOut(family: Family): Promise<void> {
  missAbsent(family);
  await leaveOutPast(family, leaveOutFollowed(family));
}

/** Returns what is not followed. */
function leaveOutFollowed(family: Family): RotatedFile[] {
  const { following, name } = family;
  const unknown: RotatedFile[] = [];
  for (const member of family.members) {
    const known = following.files.byKey(member.stats);
    const isFollowed = known !== undefined && known.copyOf === null && (!known.isArriving || known.name === name);
    if (isFollowed && isStillAt(following, known, member)) continue;
    const isOwn = member.compression === null && following.isWanted(member.path);
    if (isOwn) family.wanted.push(member);
    else if (member.stats.size > 0) unknown.push(member);
  }
  return unknown;
}

function isStillAt(following: Following, known: TailedFile, { path }: RotatedFile): boolean {
  if (known.descriptor === null && !isIt(following, known, path)) {
    // Another file has its inode.
    miss(following, known);
    return false;
  }
  if (known.path !== path && !isAt(known, known.path)) moveTo(following, known, path);
  return true;
}

function missAbsent({ following, name, members }: Family): void {
  const present = new Set(members.map(({ stats }) => fileKey(stats)));
  for (const file of following.files.ofName(name)) {
    if (file.standing === "missing" || file.descriptor !== null) continue;
    if (file.standing === "current" && file.path === name) continue;
    if (!present.has(keyOf(file)) && !isAt(file, file.path)) miss(following, file);
  }
}

async function leaveOutPast(family: Family, unknown: readonly RotatedFile[]): Promise<void> {
  const { following, name } = family;
  const past = following.past.of(name);
  const absent = new Set(past);
  const identify = (members: readonly RotatedFile[], isThis: (one: PastGeneration, member: RotatedFile) => boolean) =>
    members.filter((member) => {
      const same = past.find((one) => absent.has(one) && isThis(one, member));
      if (same === undefined) return true;
      absent.delete(same);
      family.past.push({ member, past: same });
      return false;
    });
  // Who is surely there is not taken for another one.
  family.strangers = identify(identify(unknown, isSameFile), isMovedFile);
  for (const findChanged of [findByTime, findByEnd]) {
    for (const member of absent.size === 0 ? [] : family.strangers) {
      const head = await headOf(following, member);
      const changed = head === null ? undefined : await findChanged(family, beginningAlike(absent, head), member);
      if (changed === undefined) continue;
      absent.delete(changed);
      await acceptChanged(family, member, changed);
    }
  }
}

function beginningAlike(absent: ReadonlySet<PastGeneration>, head: Buffer): PastGeneration[] {
  return [...absent].filter((past) => past.head.length > 0 && beginsWith(head, past.head));
}

/** What is past may have grown, or been copied, or have been compressed by a program that keeps the time of the last write. */
async function findByTime(
  { following }: Family,
  alike: readonly PastGeneration[],
  member: RotatedFile,
): Promise<PastGeneration | undefined> {
  const sameTime = alike.filter((past) => isSameTime(past.mtimeMs, member.stats.mtimeMs));
  if (member.compression !== null) return sameTime[0];
  const sameInode = alike.filter((past) => past.inode === member.stats.ino);
  for (const past of [...sameInode, ...sameTime]) {
    const { head, end } = past;
    const read = { head, tail: end?.tail ?? emptyPiece, offset: end?.bytes ?? 0 };
    if ((await withOpen(following, member, async ({ descriptor }) => holdsNow(descriptor, read))) === true) return past;
  }
  return undefined;
}

/** Have been compressed, by a program that keeps no time, or whole seconds. */
async function findByEnd(
  { following }: Family,
  alike: readonly PastGeneration[],
  member: RotatedFile,
): Promise<PastGeneration | undefined> {
  if (member.compression === null || alike.every(({ end }) => end === null)) return undefined;
  const end = await withOpen(following, member, (open) => contentEnd(open, following.signal));
  const same = alike.filter((past) => end !== null && isSameEnd(past.end, end));
  return same.find((past) => isSameSecond(past.mtimeMs, member.stats.mtimeMs)) ?? same[0];
}

function isSameEnd(known: ContentEnd | null, end: ContentEnd): boolean {
  if (known?.bytes !== end.bytes) return false;
  return known.tail.length === 0 || known.tail.hash === end.tail.hash;
}

async function acceptChanged(family: Family, member: RotatedFile, found: PastGeneration): Promise<void> {
  const end = member.compression === null ? await plainEndOf(family.following, member) : found.end;
  const now = pastOf(member.stats, { head: found.head, end, copyOf: found.copyOf });
  family.following.past.replace(family.name, found, now);
  family.past.push({ member, past: now });
  family.strangers = family.strangers.filter((other) => other !== member);
}

function plainEndOf(following: Following, member: RotatedFile): Promise<ContentEnd | null> {
  return withOpen(following, member, async ({ descriptor }) => plainEnd(descriptor));
}

export async function leaveToThePast(family: Family, members: readonly RotatedFile[]): Promise<void> {
  const { following, name } = family;
  for (const member of members) {
    // What is compressed changes no more: its time and size are enough.
    const isPlain = member.compression === null;
    const head = isPlain ? await headOf(following, member) : null;
    const end = isPlain ? await plainEndOf(following, member) : null;
    remember(family, member, pastOf(member.stats, { head: pieceOf(head ?? Buffer.alloc(0)), end, copyOf: null }));
  }
  family.strangers = family.strangers.filter((member) => !members.includes(member));
  if (members.length > 0) following.past.keepOnly(name, new Set(family.past.map(({ past }) => past)));
}
