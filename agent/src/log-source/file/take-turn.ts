import { fstatSync } from "node:fs";
import { dirname } from "node:path";
import { type Compression, MissingProgramError } from "./compression.ts";
import { pieceOf, readHeadBytes } from "./file-head.ts";
import { isSameIdentity } from "./file-identity.ts";
import type { Following } from "./following.ts";
import { forget, isAt, isIt, miss } from "./locate.ts";
import { addArrival } from "./look-at.ts";
import { openLogFile } from "./open-file.ts";
import { readCompressed } from "./read-compressed.ts";
import { readTurn } from "./read-turn.ts";
import type { TailedFile } from "./tailed-file.ts";
import { truncated } from "./truncated.ts";

/** Lets one file be read: one buffer of it, or the whole of a compressed one. What it did not come to is queued again. */
export async function takeTurn(following: Following, file: TailedFile): Promise<void> {
  if (file.isForgotten || file.isArriving || file.standing === "missing") return;
  if (file.copyOf !== null) {
    // The file it was copied from is gone with all that was to be read: nothing is left to be done for it.
    file.isDrained = true;
    if (file.standing === "deleted") await forget(following, file);
    return;
  }
  if (isBehindAnother(following, file)) return;
  const descriptor = openAgain(following, file);
  if (descriptor === null) return;
  if (file.compression === null && file.head.length === 0 && fstatSync(descriptor).size > 0) {
    // It was empty: it may have been copied and truncated since, so that others came before what is in it now.
    file.head = pieceOf(readHeadBytes(descriptor));
    if (file.standing === "current" && isAt(file, file.name)) return addArrival(following, file);
  }
  if (file.predecessor !== null) {
    // Whoever writes here has done with the file before, and only then it is certain that its end is its end.
    if (file.standing === "current" && fstatSync(descriptor).size === 0) return;
    if (isBehindAnother(following, file)) return;
    file.predecessor = null;
  }
  if (file.compression !== null) {
    return takeCompressed(following, file, { descriptor, compression: file.compression });
  }
  const outcome = await readTurn(following, file, descriptor);
  if (outcome === "replaced") return truncated(following, file);
  if (outcome === "uncertain") {
    following.unsettled.add(dirname(file.name));
    return following.queue(file);
  }
  if (outcome === "more") following.queue(file);
  else await end(following, file);
}

/** Whether another one has to be read to its end first; then both are queued again. */
function isBehindAnother(following: Following, file: TailedFile): boolean {
  const { predecessor } = file;
  if (predecessor === null) return false;
  // It is somewhere else, and nothing of it was read: it is found, and put before this one again, when the directory is settled.
  const isLost = predecessor.isForgotten && predecessor.offset === 0 && following.unsettled.has(dirname(file.name));
  if (!isLost && isFinished(predecessor)) return false;
  following.queue(predecessor);
  following.queue(file);
  return true;
}

/** Whether a file has been read to its end as it is now. The beginning of a line that never ended is no reason to wait. */
function isFinished(file: TailedFile): boolean {
  if (file.isForgotten) return true;
  if (file.isDrained && file.descriptor !== null && file.compression === null) {
    if (fstatSync(file.descriptor).size > (file.held?.size ?? file.offset)) file.isDrained = false;
  }
  return file.isDrained;
}

async function end(following: Following, file: TailedFile): Promise<void> {
  file.isDrained = true;
  if (file.standing === "current") return;
  following.timed.add(file);
  if (file.standing === "rotated" && file.descriptor !== null && fstatSync(file.descriptor).nlink === 0) {
    file.standing = "deleted";
  }
  const { deletedGraceMs, rotatedGraceMs } = following.times;
  const graceMs = file.standing === "deleted" ? deletedGraceMs : rotatedGraceMs;
  if (file.held === null && following.monotonicMs() - file.quietSinceMs >= graceMs) await forget(following, file);
}

async function takeCompressed(
  following: Following,
  file: TailedFile,
  open: { readonly descriptor: number; readonly compression: Compression },
): Promise<void> {
  try {
    await readCompressed(following, file, open);
  } catch (error) {
    if (following.signal.aborted) return;
    if (error instanceof MissingProgramError) {
      following.refuse(file.path, error.message);
      // It is tried again at each look, and what comes after it does not wait for it.
      file.isDrained = true;
      return;
    }
    following.counters.lost++;
    following.logger.warn({ path: file.path, err: error }, "a compressed log cannot be read to its end");
  }
  if (!following.signal.aborted) await forget(following, file);
}

/** The file's descriptor; opened again when it was closed, wherever the file is now. Null when it cannot be read, which was seen to. */
function openAgain(following: Following, file: TailedFile): number | null {
  if (file.descriptor !== null) {
    following.openFiles.used(file);
    return file.descriptor;
  }
  // A rotated file does not change: with another content it is another file with the same inode.
  const found = file.standing === "current" ? openCurrent(following, file) : isIt(following, file, file.path);
  if (found === true) return file.descriptor;
  if (found === false) miss(following, file);
  return null;
}

/** Null when it is there and may not be read. */
function openCurrent(following: Following, file: TailedFile): boolean | null {
  const opened = openLogFile(file.path, following.roots);
  if ("reason" in opened) {
    if (opened.isGone) return false;
    following.refuse(file.path, opened.reason);
    // It may be readable again by the next look; who waits for it must not wait for ever.
    file.isDrained = true;
    return null;
  }
  file.descriptor = opened.descriptor;
  following.openFiles.used(file);
  if (isSameIdentity(file, opened.stats)) return true;
  following.openFiles.close(file);
  return false;
}
