import { closeSync, constants, fchmodSync, fchownSync, fsync, openSync, write } from "node:fs";
import { promisify } from "node:util";
import { type ByteString, byteString, displayText } from "@mycloud/backup/byte-string";
import {
  codeOf,
  type Directory,
  type FileStat,
  readExtendedAttributes,
  statOf,
  writeExtendedAttributes,
} from "@mycloud/backup/filesystem";
import type { FileRequest, LiveEntry } from "@mycloud/protocol/agent-question";
import { conflict, FileError, refused } from "./file-error.ts";
import { assertFile, assertVersion, entryAt, type FileManager, openForChange } from "./file-manager.ts";
import { uploadName, versionOf } from "./live-entry.ts";
import type { OpenPlace } from "./open-place.ts";

type WriteRequest = Extract<FileRequest, { kind: "write" }>;

const writeAsync = promisify(write);
const fsyncAsync = promisify(fsync);
/** One that was left behind by a crash. */
const staleUploadMs = 24 * 3_600_000;
const newFileMode = 0o644;

/**
 * Writes a file: the content goes into a new one beside it, which takes the name when it is whole and on disk. So the old file is there until the new one
 * is, whatever breaks off. Mode, owner and ACL of the file that is replaced are kept, but never set-id bits; a new file belongs to its folder's owner.
 */
export async function writeFile(
  manager: FileManager,
  { path, ifVersion }: WriteRequest,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<LiveEntry> {
  using place = openForChange(manager, path);
  const { directory, name } = place;
  if (uploadName.test(name)) throw refused(`${path} is a name that the agent uses itself`);
  const before = directory.statIfExists(name);
  if (before !== null) assertFile(before, place.place.path);
  assertVersion(ifVersion, before === null ? null : versionOf(before), place.place.path);
  const owner = ownerFor(before, directory, path);
  removeStale(manager, directory);
  const temporary = byteString(`.mycloud-upload-${manager.newUploadId()}`);
  const fd = directory.createFile(temporary);
  let isPlaced = false;
  try {
    await writeContent(fd, content, manager.rules.maximumUploadBytes, path, signal);
    setOwner(fd, owner, before === null ? null : keptAttributes(directory, name));
    await fsyncAsync(fd);
    signal.throwIfAborted();
    putInPlace(place, temporary, ifVersion);
    isPlaced = true;
    assertSame(directory, name, fd, path);
  } finally {
    closeSync(fd);
    if (!isPlaced) removeQuietly(directory, temporary);
  }
  await syncDirectory(directory);
  return entryAt(manager, place);
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Whose the new file is to be. Throws FileError when the agent cannot give it to them. */
function ownerFor(before: FileStat | null, directory: Directory, path: string): Owner {
  const folder = directory.statSelf();
  // Set-id bits would run whatever was uploaded as somebody else.
  const wanted =
    before === null
      ? { uid: folder.uid, gid: folder.gid, mode: newFileMode }
      : { uid: before.uid, gid: before.gid, mode: before.mode & 0o777 };
  const self = process.getuid?.() ?? 0;
  if (self === 0 || wanted.uid === self) return wanted;
  if (before !== null) throw refused(`${path} belongs to somebody else, and the agent is not the administrator`);
  return { uid: self, gid: process.getgid?.() ?? wanted.gid, mode: newFileMode };
}

function setOwner(fd: number, { uid, gid, mode }: Owner, attributes: ReturnType<typeof keptAttributes> | null): void {
  const own = statOf(fd);
  if (own.uid !== uid || own.gid !== gid) {
    try {
      fchownSync(fd, uid, gid);
    } catch (error) {
      // Not the administrator, and no member of the group: the file gets our own group, and so nobody more may read it.
      if (own.uid !== uid || codeOf(error) !== "EPERM") throw error;
      fchmodSync(fd, mode & 0o700);
      return;
    }
  }
  fchmodSync(fd, mode);
  // Also takes away what the folder gives to new files.
  if (attributes !== null) writeExtendedAttributes(fd, attributes);
}

/** The ACL, and what users have noted on a file. Nothing that gives it powers (`security.capability`). */
function keptAttributes(directory: Directory, name: ByteString) {
  return readExtendedAttributes(directory, name).attributes.filter(
    (attribute) => attribute.name === "system.posix_acl_access" || attribute.name.startsWith("user."),
  );
}

async function writeContent(
  fd: number,
  content: AsyncIterable<Uint8Array>,
  maximumBytes: number,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  let total = 0;
  for await (const part of content) {
    signal.throwIfAborted();
    total += part.length;
    if (total > maximumBytes) {
      throw new FileError("MYCLOUD_TOO_LARGE", `${path}: this machine takes files of up to ${maximumBytes} bytes`);
    }
    for (let at = 0; at < part.length; ) {
      at += (await writeAsync(fd, part, at, part.length - at)).bytesWritten;
    }
  }
}

/** Gives the new file its name. Throws FileError when the old one is not as the condition says any more. */
function putInPlace({ directory, name, place }: OpenPlace, temporary: ByteString, ifVersion: string | null): void {
  const present = directory.statIfExists(name);
  if (present !== null) assertFile(present, place.path);
  assertVersion(ifVersion, present === null ? null : versionOf(present), place.path);
  if (ifVersion !== "none") {
    directory.rename(temporary, directory, name);
    return;
  }
  moveToNew(directory, temporary, directory, name);
}

/** Renames without ever replacing anything: rename(2) would. Where links cannot be made it looks first. Throws EEXIST. */
export function moveToNew(from: Directory, name: ByteString, to: Directory, newName: ByteString): void {
  try {
    to.makeHardLink(newName, from, name);
  } catch (error) {
    if (!["EPERM", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES"].includes(codeOf(error))) throw error;
    if (to.statIfExists(newName) !== null) throw conflict(`there is a ${displayText(newName)} already`);
    from.rename(name, to, newName);
    return;
  }
  from.remove(name);
}

/** Whoever owns the folder can put something else in the new file's place at any time; then it is not said to be written. */
function assertSame(directory: Directory, name: ByteString, fd: number, path: string): void {
  const [written, present] = [statOf(fd), directory.statIfExists(name)];
  if (present?.inode === written.inode && present.deviceId === written.deviceId) return;
  throw conflict(`${path} was replaced by somebody else while it was written`);
}

function removeStale({ now }: FileManager, directory: Directory): void {
  try {
    for (const name of directory.readNames()) {
      if (!uploadName.test(name)) continue;
      const stat = directory.statIfExists(name);
      if (stat?.type === "file" && now() - Number(stat.mtimeNs / 1_000_000n) > staleUploadMs) directory.remove(name);
    }
  } catch {
    // Leftovers stay a while longer.
  }
}

/** Also the new name is to survive a power cut. File systems that cannot say so are believed. */
export async function syncDirectory(directory: Directory): Promise<void> {
  const fd = openSync(`/proc/self/fd/${directory.fd}/.`, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await fsyncAsync(fd).catch(() => undefined);
  } finally {
    closeSync(fd);
  }
}

function removeQuietly(directory: Directory, name: ByteString): void {
  try {
    directory.remove(name);
  } catch {
    // Somebody else did, or it is cleared away later.
  }
}
