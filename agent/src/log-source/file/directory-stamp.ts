import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { Following } from "./following.ts";
import type { TailedFile } from "./tailed-file.ts";

/** A file of which so much was read is not taken for another one that begins alike. */
const DISTINCT_BYTES = 4096;

/** So often in a row a file is put off since something has changed in its directory: where that never ends, it is read all the same. */
const MAXIMUM_PUT_OFF = 20;

/** When something came to a directory or went from it last, in nanoseconds; -1 where there is none. */
export function changeTimeOf(directory: string): bigint {
  try {
    return statSync(directory, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? -1n;
  } catch {
    return -1n;
  }
}

/** Where rotation puts the files of a directory: there, and where it has been seen to put them. */
export function placesOf(following: Following, directory: string): readonly string[] {
  return [directory, ...(following.oldDirectories.get(directory) ?? [])];
}

/** Changes whenever something is renamed, copied or deleted where rotation puts the files of a directory. */
export function stampOf(following: Following, directory: string): string {
  return placesOf(following, directory).map(changeTimeOf).join();
}

/**
 * Whether a file may have been copied and truncated since its directory was settled, unseen: what was read of it is so little that it may begin so again. To be asked when
 * it has been read, before that is handed on.
 */
export function mayBeAnother(following: Following, file: TailedFile): boolean {
  if (file.standing !== "current" || file.offset >= DISTINCT_BYTES) return false;
  const directory = dirname(file.name);
  const isSettled = following.settledStamps.get(directory) === stampOf(following, directory);
  file.putOff = isSettled ? 0 : file.putOff + 1;
  return !isSettled && file.putOff <= MAXIMUM_PUT_OFF;
}
