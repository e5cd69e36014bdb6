import { closeSync, fdatasyncSync, ftruncateSync } from "node:fs";
import type { ByteString } from "../byte-string/index.ts";
import {
  applyMetadata,
  applyMetadataToNew,
  clearProtection,
  codeOf,
  Directory,
  type Fault,
  faultOf,
  statOf,
  writeFileFlags,
} from "../filesystem/index.ts";
import type { DressedItem, FinishJob, ItemResult, MadeItem, Placement, WholePlace } from "./jobs.ts";
import { temporaryName } from "./temporary-name.ts";
import { writeContent } from "./write-content.ts";

/** Immutable and append-only: what has them cannot be renamed. */
const protectingFlags = 0x30;

const done: ItemResult = { failure: null, faults: [] };

/** Writes a whole file under a temporary name, gives it its metadata and then its own name. */
export function placeWholeFile(place: WholePlace, bytes: Uint8Array): ItemResult {
  if (place.isDirect) {
    const faults = makeDirectly(place, bytes);
    if (faults !== null) return faults.length === 0 ? done : { failure: null, faults };
  }
  return attempt("write", () => {
    const directory = new Directory(place.directory);
    const temporary = temporaryName(place.name);
    const fd = createAfresh(directory, temporary);
    try {
      writeContent(fd, bytes, 0, place.isSparse);
      if (place.isSparse) ftruncateSync(fd, bytes.length);
      return dressAndRename(fd, directory, temporary, place);
    } catch (error) {
      removeIfThere(directory, temporary);
      throw error;
    } finally {
      closeSync(fd);
    }
  });
}

/**
 * Makes a file under its own name, where nobody can see it before it is done: a third of the system calls. Null when that failed, and nothing
 * is left of it. One that a killed restore leaves has the time of its writing, so it is not taken to be right later.
 */
function makeDirectly(place: WholePlace, bytes: Uint8Array): readonly Fault[] | null {
  const directory = new Directory(place.directory);
  let fd: number;
  try {
    fd = directory.createFile(place.name, place.metadata.mode & 0o777);
  } catch {
    return null;
  }
  try {
    writeContent(fd, bytes, 0, place.isSparse);
    if (place.isSparse) ftruncateSync(fd, bytes.length);
    return applyMetadataToNew(fd, place.metadata);
  } catch {
    // A full disk, for one: tried again the long way, it says why.
    removeIfThere(directory, place.name);
    return null;
  } finally {
    closeSync(fd);
  }
}

/** Gives a file of parts its length, metadata and name. The main thread closes the descriptor. */
export function finishFile(job: FinishJob): ItemResult {
  return attempt("write", () => {
    ftruncateSync(job.fd, job.size);
    return dressAndRename(job.fd, new Directory(job.directory), temporaryName(job.name), job);
  });
}

/** Makes an empty file, a symbolic link, a FIFO or a device. */
export function makeEntry(item: MadeItem): ItemResult {
  return attempt("create", () => {
    const directory = new Directory(item.directory);
    // What has no content is whole at once, so it needs a temporary name only where it replaces something.
    const name = item.isReplacing ? temporaryName(item.name) : item.name;
    if (item.isReplacing) removeIfThere(directory, name);
    const { type } = item;
    const fd = type === "file" ? directory.createFile(name) : makeAndOpen(directory, name, type, item);
    try {
      if (!item.isReplacing) return applyMetadata(fd, item.metadata);
      return dressAndRename(fd, directory, name, item);
    } catch (error) {
      removeIfThere(directory, name);
      throw error;
    } finally {
      closeSync(fd);
    }
  });
}

/**
 * Makes what can only be opened afterwards, by its name. Whoever may write to the directory can put a hard link to something of root's
 * there in between, which would be given away with its new owner: what was just made has one name.
 */
function makeAndOpen(
  directory: Directory,
  name: ByteString,
  type: Exclude<MadeItem["type"], "file">,
  { linkTarget, device }: Pick<MadeItem, "linkTarget" | "device">,
): number {
  if (type === "symlink") directory.makeSymlink(name, linkTarget);
  else directory.makeSpecial(name, type, device);
  const fd = directory.openEntry(name);
  const stat = statOf(fd);
  if (stat.type === type && stat.links === 1) return fd;
  closeSync(fd);
  throw new Error("something else was put in its place while it was made");
}

/** Gives metadata to an entry that is as it should be otherwise. */
export function dressEntry({ directory, name, inode, metadata }: DressedItem): ItemResult {
  return attempt("metadata", () => {
    const fd = new Directory(directory).openEntry(name);
    try {
      if (statOf(fd).inode !== inode) throw new Error("it was replaced while restoring");
      return applyMetadata(fd, metadata);
    } finally {
      closeSync(fd);
    }
  });
}

function dressAndRename(
  fd: number,
  directory: Directory,
  temporary: ByteString,
  placement: Placement,
): readonly Fault[] {
  const { metadata, name, isReplacing } = placement;
  const isProtected = (metadata.fileFlags & protectingFlags) !== 0;
  const faults = applyMetadata(fd, isProtected ? { ...metadata, fileFlags: 0 } : metadata);
  // What is replaced must not be lost to a power cut: its successor is on the disk before it takes the name.
  if (isReplacing) trySync(fd);
  renameOver(directory, temporary, name);
  return isProtected ? [...faults, ...writeFileFlags(fd, metadata.fileFlags)] : faults;
}

function trySync(fd: number): void {
  try {
    fdatasyncSync(fd);
  } catch (error) {
    // A link, a FIFO or a device has nothing to be synced.
    if (codeOf(error) !== "EBADF" && codeOf(error) !== "EINVAL") throw error;
  }
}

function renameOver(directory: Directory, temporary: ByteString, name: ByteString): void {
  try {
    directory.rename(temporary, directory, name);
  } catch (error) {
    if (codeOf(error) !== "EPERM") throw error;
    unprotect(directory, name);
    directory.rename(temporary, directory, name);
  }
}

/** Takes away the flags that keep an entry from being replaced. */
function unprotect(directory: Directory, name: ByteString): void {
  const fd = directory.openFile(name);
  try {
    clearProtection(fd);
  } finally {
    closeSync(fd);
  }
}

/** An interrupted restore may have left a file of that name. */
function createAfresh(directory: Directory, temporary: ByteString): number {
  try {
    return directory.createFile(temporary);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    directory.removeTree(temporary);
    return directory.createFile(temporary);
  }
}

function removeIfThere(directory: Directory, name: ByteString): void {
  try {
    directory.remove(name);
  } catch {
    // It was never made, or was renamed already; the first failure is the one that is told.
  }
}

function attempt(during: string, action: () => readonly Fault[]): ItemResult {
  try {
    return { failure: null, faults: action() };
  } catch (error) {
    return { failure: faultOf(during, error), faults: [] };
  }
}
