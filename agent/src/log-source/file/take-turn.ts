import { fstatSync } from "node:fs";
import { dirname } from "node:path";
import { beginsWith, readHeadBytes } from "./file-head.ts";
import type { Following } from "./following.ts";
import { forget, locate, missFile, startAnew } from "./lose-place.ts";
import { openLogFile } from "./open-file.ts";
import { readCompressed } from "./read-compressed.ts";
import { readTurn } from "./read-turn.ts";
import { findByInode } from "./rotation.ts";
import type { TailedFile } from "./tailed-file.ts";

/** Lets one file be read: one buffer of it, or the whole of a compressed one. What it did not come to is queued again. */
export async function takeTurn(following: Following, file: TailedFile): Promise<void> {
  if (file.isForgotten) return;
  if (file.copyOf !== null) {
    // The file it was copied from is gone with all that was to be read: nothing is left to be done for it.
    file.isDrained = true;
    if (file.standing === "deleted") await forget(following, file);
    return;
  }
  if (file.predecessor !== null && !isFinished(file.predecessor)) {
    following.queue(file.predecessor);
    following.queue(file);
    return;
  }
  const descriptor = await openAgain(following, file);
  if (descriptor === null) return;
  if (file.predecessor !== null) {
    // Whoever writes here has done with the file before, and only then it is certain that its end is its end.
    if (fstatSync(descriptor).size === 0) return;
    if (!isFinished(file.predecessor)) {
      following.queue(file.predecessor);
      following.queue(file);
      return;
    }
    file.predecessor = null;
  }
  if (file.isCompressed) return takeCompressed(following, file, descriptor);
  const outcome = await readTurn(following, file, descriptor);
  if (outcome === "replaced") return startAnew(following, file);
  if (outcome === "more") following.queue(file);
  else await end(following, file);
}

/** Whether a file has been read to its end as it is now. The beginning of a line that never ended is no reason to wait. */
function isFinished(file: TailedFile): boolean {
  if (file.isForgotten) return true;
  if (file.isDrained && file.descriptor !== null && !file.isCompressed) {
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

async function takeCompressed(following: Following, file: TailedFile, descriptor: number): Promise<void> {
  try {
    await readCompressed(following, file, descriptor);
  } catch (error) {
    if (following.signal.aborted) return;
    following.counters.lost++;
    following.logger.warn({ path: file.path, err: error }, "a compressed log cannot be read to its end");
  }
  if (!following.signal.aborted) await forget(following, file);
}

/** The file's descriptor; opened again when it was closed, wherever the file is now. Null when it cannot be read, which was seen to. */
async function openAgain(following: Following, file: TailedFile): Promise<number | null> {
  if (file.descriptor !== null) {
    following.openFiles.used(file);
    return file.descriptor;
  }
  for (const path of [() => file.path, () => findByInode(dirname(file.path), file.inode)]) {
    const place = path();
    if (place === null) continue;
    const opened = openLogFile(place, following.roots);
    if ("reason" in opened) {
      if (opened.isGone) continue;
      following.refuse(place, opened.reason);
      // It may be readable again by the next look; who waits for it must not wait for ever.
      file.isDrained = true;
      return null;
    }
    file.descriptor = opened.descriptor;
    following.openFiles.used(file);
    // A rotated file does not change: with another beginning it is another file with the same inode.
    const isOther = file.standing !== "current" && !beginsWith(readHeadBytes(opened.descriptor), file.head);
    if (opened.stats.ino === file.inode && (file.isCompressed || !isOther)) {
      if (place !== file.path) locate(following, file);
      return file.descriptor;
    }
    following.openFiles.close(file);
  }
  await missFile(following, file);
  return null;
}
