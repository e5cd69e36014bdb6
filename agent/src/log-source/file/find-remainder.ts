import { closeSync } from "node:fs";
import { descriptorBeginsWith } from "./descriptor-head.ts";
import type { Following } from "./following.ts";
import { openLogFile } from "./open-file.ts";
import { findRotatedFiles, type RotatedFile } from "./rotation.ts";
import type { TailedFile } from "./tailed-file.ts";

/** Something that was read up to an offset, and of which the file is no longer where it was. */
export interface Interrupted {
  /** The name that rotation started from. */
  readonly name: string;
  readonly inode: number;
  readonly offset: number;
  readonly head: TailedFile["head"];
}

/**
 * Finds the file, compressed or not, that rotation made of one which has been read in part: by what it begins with. Files that are followed for
 * themselves are none. Null when it is gone.
 */
export async function findRemainder(following: Following, of: Interrupted): Promise<RotatedFile | null> {
  // The beginning of nothing is the beginning of everything.
  if (of.head.length === 0) return null;
  for (const candidate of findRotatedFiles(of.name)) {
    if (!candidate.isCompressed && candidate.stats.size < of.offset) continue;
    const known = following.files.byKey(candidate.stats);
    if (known !== undefined && known.copyOf === null) continue;
    if (await beginsAlike(following, candidate, of)) return candidate;
  }
  return null;
}

async function beginsAlike(following: Following, candidate: RotatedFile, of: Interrupted): Promise<boolean> {
  const opened = openLogFile(candidate.path, following.roots);
  if ("reason" in opened) return false;
  try {
    return await descriptorBeginsWith(opened.descriptor, candidate.isCompressed, of.head, following.signal);
  } finally {
    closeSync(opened.descriptor);
  }
}

/**
 * Generations that came and were rotated away while nobody looked: those that were written after `since` was, the oldest first.
 */
export function findMissedGenerations(
  following: Following,
  name: string,
  since: { readonly mtimeMs: number; readonly ino: number; readonly dev: number },
): RotatedFile[] {
  return findRotatedFiles(name)
    .filter(
      ({ path, stats }) =>
        stats.mtimeMs > since.mtimeMs &&
        stats.ino !== since.ino &&
        /[-._]\d[\d.T_-]*(?:\.[A-Za-z]+)?$/u.test(path.replace(/\.gz$/u, "")) &&
        !/\.(?:bz2|xz|zst)$/u.test(path) &&
        !following.isWanted(path) &&
        following.files.byKey(stats) === undefined,
    )
    .reverse();
}
