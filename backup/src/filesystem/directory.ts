import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { type ByteString, byteStringOf, joinBytes, systemPath } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import type { NodeType } from "../tree/index.ts";
import { codeOf, SystemCallError } from "./fault.ts";
import { type FileStat, fileStatOf } from "./file-stat.ts";
import { makeNode, statDescriptor, statEntry } from "./libc-entry.ts";

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
/** Names an entry without opening it; needs no right to it. The same number on every Linux Node runs on, and absent from Node. */
const O_PATH = 0o10000000;
const EXDEV = 18;
/** Absent on other systems than Linux. */
const O_NOATIME = constants.O_NOATIME ?? 0;

/**
 * An open directory. Names are single components: "", ".", "..", and names with "/" or NUL are refused with InputError, so that a
 * hostile snapshot cannot lead out of it. System errors are thrown as Node throws them, with `code` (`ENOENT`, `EACCES` ...).
 */
export class Directory implements Disposable {
  readonly fd: number;
  readonly #prefix: string;

  /** Of a descriptor that is open already (in any thread); closing it is for whoever opened it. */
  constructor(fd: number) {
    this.fd = fd;
    this.#prefix = `/proc/self/fd/${fd}/`;
  }

  close(): void {
    closeSync(this.fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** The path by which Node's fs reaches an entry; not for people. The last component may be a symbolic link: do not follow it. */
  pathOf(name: ByteString): string | Buffer {
    assertEntryName(name);
    return systemPath(joinBytes(this.#prefix, name));
  }

  /** The names in it but "." and "..", sorted by their bytes. */
  readNames(): ByteString[] {
    return readdirSync(this.#prefix, { encoding: "latin1" }).sort() as ByteString[];
  }

  /** lstat of the directory itself. */
  statSelf(): FileStat {
    return statOf(this.fd);
  }

  /** lstat of an entry. Throws ENOENT when it is gone. */
  stat(name: ByteString): FileStat {
    assertEntryName(name);
    return statEntry(this.fd, name) ?? fileStatOf(lstatSync(this.pathOf(name), { bigint: true }));
  }

  /** Like `stat`, but null when there is no such entry. */
  statIfExists(name: ByteString): FileStat | null {
    try {
      return this.stat(name);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return null;
      throw error;
    }
  }

  readLink(name: ByteString): ByteString {
    return byteStringOf(readlinkSync(this.pathOf(name), { encoding: "buffer" }));
  }

  /** Opens a directory in it. Throws ENOTDIR when it is (now) something else, ELOOP when a symbolic link. */
  openDirectory(name: ByteString): Directory {
    return new Directory(openSync(this.pathOf(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  }

  /**
   * Opens a file for reading, without changing its atime where we may, and without waiting should it have become a FIFO. The caller
   * closes the descriptor, and looks by `statOf` whether it is still a file: ELOOP is thrown for a symbolic link only.
   */
  openFile(name: ByteString): number {
    const path = this.pathOf(name);
    const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
    try {
      return openSync(path, flags | O_NOATIME);
    } catch (error) {
      // Only the owner and root may leave the atime alone.
      if (codeOf(error) !== "EPERM") throw error;
      return openSync(path, flags);
    }
  }

  /** A descriptor that names an entry of any type, also a symbolic link, without opening it: what metadata is applied to. */
  openEntry(name: ByteString): number {
    return openSync(this.pathOf(name), O_PATH | O_NOFOLLOW);
  }

  /** Makes a file that was not there, with this mode less the umask, and opens it for reading and writing. Throws EEXIST. */
  createFile(name: ByteString, mode = 0o600): number {
    return openSync(this.pathOf(name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  }

  /** Opens a file that is there for reading and writing. */
  openFileForUpdate(name: ByteString): number {
    return openSync(this.pathOf(name), O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  }

  /** Makes a directory with mode 0700. Throws EEXIST. */
  makeDirectory(name: ByteString): void {
    mkdirSync(this.pathOf(name), 0o700);
  }

  makeSymlink(name: ByteString, target: ByteString): void {
    symlinkSync(systemPath(target), this.pathOf(name));
  }

  /** Makes a FIFO, a device or a socket's entry with mode 0600. `device` is st_rdev. Throws ENOSYS where libc cannot be called. */
  makeSpecial(name: ByteString, type: Extract<NodeType, "fifo" | "dev" | "chardev" | "socket">, device: bigint): void {
    assertEntryName(name);
    makeNode(this.fd, name, type, device);
  }

  /** Makes `name` another name of an entry of any type but a directory. */
  makeHardLink(name: ByteString, existingIn: Directory, existingName: ByteString): void {
    linkSync(existingIn.pathOf(existingName), this.pathOf(name));
  }

  /** Renames, replacing what is there as rename(2) does. */
  rename(name: ByteString, targetDirectory: Directory, targetName: ByteString): void {
    renameSync(this.pathOf(name), targetDirectory.pathOf(targetName));
  }

  /** Removes anything but a directory. */
  remove(name: ByteString): void {
    unlinkSync(this.pathOf(name));
  }

  /** Removes an empty directory. */
  removeDirectory(name: ByteString): void {
    rmdirSync(this.pathOf(name));
  }

  /** Removes an entry with everything below it, following no link. Throws EXDEV at a directory where another filesystem is mounted. */
  removeTree(name: ByteString): void {
    if (this.stat(name).type !== "dir") {
      this.remove(name);
      return;
    }
    {
      using directory = this.openDirectory(name);
      if (directory.statSelf().deviceId !== this.statSelf().deviceId) throw new SystemCallError("rmdir", EXDEV);
      for (const child of directory.readNames()) directory.removeTree(child);
    }
    this.removeDirectory(name);
  }
}

/** fstat of a descriptor. */
export function statOf(fd: number): FileStat {
  return statDescriptor(fd) ?? fileStatOf(fstatSync(fd, { bigint: true }));
}

/**
 * Opens the directory at an absolute or relative path. Links on the way are followed (a person named it), unless `isNoFollow` forbids it
 * for the last component. Paths beyond PATH_MAX are walked.
 */
export function openRoot(
  path: ByteString,
  options: {
    readonly isNoFollow?: boolean;
    /** Only to reach entries by their names: needs no right to read the directory, and its names and flags cannot be read. */
    readonly isPathOnly?: boolean;
  } = {},
): Directory {
  const access = options.isPathOnly === true ? O_PATH : O_RDONLY;
  const flags = access | O_DIRECTORY | (options.isNoFollow === true ? O_NOFOLLOW : 0);
  try {
    return new Directory(openSync(systemPath(path), flags));
  } catch (error) {
    if (codeOf(error) !== "ENAMETOOLONG") throw error;
    return openLongRoot(path);
  }
}

/** Refuses what is not the name of one entry. Throws InputError. */
export function assertEntryName(name: ByteString): void {
  if (name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0")) {
    throw new InputError(
      `${JSON.stringify(name)} is not the name of a directory entry: it is empty, ".", ".." or has "/" or NUL in it`,
    );
  }
}

function openLongRoot(path: ByteString): Directory {
  let directory = new Directory(openSync(path.startsWith("/") ? "/" : ".", O_RDONLY | O_DIRECTORY));
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    const parent = directory;
    try {
      const next = systemPath(joinBytes(`/proc/self/fd/${parent.fd}/`, part));
      directory = new Directory(openSync(next, O_RDONLY | O_DIRECTORY));
    } finally {
      parent.close();
    }
  }
  return directory;
}
