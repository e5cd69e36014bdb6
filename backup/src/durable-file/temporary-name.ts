import { randomBytes } from "node:crypto";
import { readdir, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Temporaries that nobody has written to for so long belong to nobody: a writer needs seconds. In milliseconds. */
export const abandonedAfterMs = 24 * 3600 * 1000;

const temporaryForm = /-tmp-[0-9a-f]{12}$/;

/** A name for writing what will be `path`, in the same directory. restic makes such names too (`NAME-tmp-NUMBER`) and passes over ours. */
export function temporaryPathFor(path: string): string {
  return join(dirname(path), `${basename(path)}-tmp-${randomBytes(6).toString("hex")}`);
}

/** Whether a file of this name is an unfinished write of ours. */
export function isTemporaryName(name: string): boolean {
  return temporaryForm.test(name);
}

/** Removes the temporaries in a directory that no writer can still be at work on; returns how many. Passes over what it may not remove. */
export async function removeAbandonedTemporaries(
  directory: string,
  nowMs: number,
  names?: readonly string[],
): Promise<number> {
  let removed = 0;
  for (const name of names ?? (await readdir(directory))) {
    if (!isTemporaryName(name)) continue;
    const path = join(directory, name);
    try {
      if (nowMs - (await stat(path)).mtimeMs < abandonedAfterMs) continue;
      await unlink(path);
      removed++;
    } catch {
      // Gone already, or somebody else's: it does no harm where it is.
    }
  }
  return removed;
}
