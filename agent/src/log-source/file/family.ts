import { closeSync } from "node:fs";
import { dirname } from "node:path";
import type { PositionChange } from "../line-batch.ts";
import { MissingProgramError } from "./compression.ts";
import { holdsContent, type OpenContent, readHead } from "./content.ts";
import { emptyPiece } from "./file-head.ts";
import { fileKey } from "./file-identity.ts";
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
  readonly changes: PositionChange[];
}

/** Whether something was renamed or compressed since the directory was listed, or is to be looked for elsewhere; or whether the end came, which leaves files half looked into. */
export function isStale({ following, name }: Family): boolean {
  return following.signal.aborted || following.unsettled.has(dirname(name));
}

export function remember(family: Family, member: RotatedFile, past: PastGeneration): void {
  family.following.past.add(family.name, past);
  family.past.push({ member, past });
}

/** The copy that rotation made of a file that is read through its descriptor. */
export function copyOf(family: Family, file: TailedFile): RotatedFile | undefined {
  return family.past.find(({ past }) => past.copyOf === file.stream)?.member;
}

/** Files, none of which was read before, in the order in which they were written: older than all of them is what was read of the name. */
export function inOrder<File extends DatedFile>(family: Family, files: readonly File[]): File[] {
  const { following, name } = family;
  const isRead = (file: TailedFile | undefined) => file !== undefined && !file.isArriving && file.offset > 0;
  const unread = new Set<unknown>(
    following.files
      .ofName(name)
      .filter((file) => !isRead(file))
      .map((file) => copyOf(family, file)),
  );
  const past = family.past.map(({ member }) => member).filter((member) => !unread.has(member));
  const followed = family.members.filter(({ stats }) => isRead(following.files.byKey(stats)));
  const asked = new Set<DatedFile>(files);
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
    if (fileKey(opened.stats) !== fileKey(member.stats)) {
      following.unsettled.add(dirname(member.origin));
      return null;
    }
    return await use({ descriptor, compression: member.compression });
  } catch (error) {
    if (error instanceof MissingProgramError) {
      following.refuse(member.path, error.message);
      following.unreadable.add(member);
    }
    return null;
  } finally {
    closeSync(descriptor);
  }
}
