import { closeSync } from "node:fs";
import { dirname } from "node:path";
import type { PositionChange } from "../line-batch.ts";
import { MissingProgramError } from "./compression.ts";
import { holdsContent, type OpenContent, readHead } from "./content.ts";
import { emptyPiece } from "./file-head.ts";
import type { Following } from "./following.ts";
import { type DatedFile, orderGenerations } from "./generation-order.ts";
import { openLogFile } from "./open-file.ts";
import type { PastGeneration } from "./past-generations.ts";
import type { RotatedFile } from "./rotated-files.ts";
import type { TailedFile } from "./tailed-file.ts";

/** What there is of one name while its generations are told apart. */
export interface Family {
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

/** Whether something was renamed or compressed since the directory was listed, or is to be looked for elsewhere. */
export function isStale({ following, name }: Family): boolean {
  return following.unsettled.has(dirname(name));
}

export function remember(family: Family, member: RotatedFile, past: PastGeneration): void {
  family.following.past.add(family.name, past);
  family.past.push({ member, past });
}

/** Older than all of these is what was known of the name before. */
export function inOrder<File extends DatedFile>(family: Family, files: readonly File[]): File[] {
  const { following } = family;
  const asked = new Set<DatedFile>([...files, ...family.copiesOfArrivals.values()]);
  const past = family.past.map(({ member }) => member);
  const followed = family.members.filter(({ stats }) => following.files.byKey(stats)?.isArriving === false);
  return orderGenerations(
    files,
    [...past, ...followed].filter((member) => !asked.has(member)),
  );
}

export async function holds(following: Following, member: RotatedFile, file: TailedFile): Promise<boolean> {
  const read =
    member.compression === null ? file : { ...file, tail: file.compression === null ? file.tail : emptyPiece };
  return (await withOpen(following, member, (open) => holdsContent(open, read, following.signal))) === true;
}

export function headOf(following: Following, member: RotatedFile): Promise<Buffer | null> {
  return withOpen(following, member, (open) => readHead(open, following.signal));
}

/** Opens a file for a look; null when it cannot be read, or is another one by now, which is seen at the next look. */
export async function withOpen<Result>(
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
