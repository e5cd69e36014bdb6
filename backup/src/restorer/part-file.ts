import { closeSync, ftruncateSync } from "node:fs";
import { codeOf, type Directory, type Fault, statOf } from "../filesystem/index.ts";
import type { PlannedFile } from "./planned-file.ts";
import { temporaryName } from "./temporary-name.ts";

/** A file of several blobs while it is written, under its temporary name. The descriptor is shared by all threads. */
export interface PartFile {
  readonly file: PlannedFile;
  readonly fd: number;
  /** An interrupted restore left it; some of it may be right. */
  readonly isReused: boolean;
  /** Blobs that are asked for and not written. */
  remaining: number;
  /** Every blob has been asked for. */
  isPlanned: boolean;
  /** Why it cannot be completed. */
  failure: { readonly during: string; readonly error: Fault | Error } | null;
}

/** Opens the temporary file, or the one that was left behind when nobody else can have made it what it is. */
export function openPartFile(file: PlannedFile, directory: Directory): PartFile {
  const name = temporaryName(file.node.name);
  const part = { file, remaining: 0, isPlanned: false, failure: null };
  let isReused = false;
  let fd: number;
  try {
    fd = directory.createFile(name);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    const left = openLeftBehind(directory, name);
    isReused = left !== null;
    if (left === null) directory.removeTree(name);
    fd = left ?? directory.createFile(name);
  }
  try {
    // Without room for it there would be no sense in starting, but a hole takes none: the disk says so when it is full.
    ftruncateSync(fd, file.size);
  } catch (error) {
    closeSync(fd);
    directory.remove(name);
    throw error;
  }
  return { ...part, fd, isReused };
}

/** A regular file of our own with one name: one that somebody planted could be a second name of a file elsewhere. */
function openLeftBehind(directory: Directory, name: ReturnType<typeof temporaryName>): number | null {
  let fd: number;
  try {
    fd = directory.openFileForUpdate(name);
  } catch {
    return null;
  }
  const stat = statOf(fd);
  if (stat.type === "file" && stat.links === 1 && stat.uid === process.geteuid?.() && (stat.mode & 0o077) === 0)
    return fd;
  closeSync(fd);
  return null;
}
