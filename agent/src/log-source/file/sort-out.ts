import { contentLength } from "./content.ts";
import { type Family, headOf, remember, withOpen } from "./family.ts";
import { beginsWith, pieceOf } from "./file-head.ts";
import type { Following } from "./following.ts";
import { isAt, isIt, miss, moveTo } from "./locate.ts";
import { isMovedFile, isSameFile, isSameSecond, isSameTime, type PastGeneration, pastOf } from "./past-generations.ts";
import type { RotatedFile } from "./rotated-files.ts";
import { fileKey, type TailedFile } from "./tailed-file.ts";

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

export async function leaveToThePast(family: Family, members: readonly RotatedFile[]): Promise<void> {
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
