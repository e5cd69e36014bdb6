import { type ByteString, byteStringOf, joinBytes } from "../byte-string/index.ts";
import type { ExtendedAttribute } from "../tree/index.ts";
import type { Directory } from "./directory.ts";
import { type Fault, faultOf, SystemCallError } from "./fault.ts";
import { readFileFlags } from "./file-flags.ts";
import { type Libc, loadLibc } from "./libc.ts";

const ENODATA = 61;
const ERANGE = 34;
const EOPNOTSUPP = 95;

/** Extended attributes as read, sorted by name, and those that could not be read. */
export interface ReadAttributes {
  readonly attributes: readonly ExtendedAttribute[];
  readonly faults: readonly Fault[];
}

const none: ReadAttributes = { attributes: [], faults: [] };

/** The attributes of an entry of any type, also of a symbolic link itself; POSIX ACLs are among them. About 2 us when there are none. */
export function readExtendedAttributes(directory: Directory, name: ByteString): ReadAttributes {
  return read(cString(String(directory.pathOf(name).toString("latin1"))), false);
}

/** The attributes of what a descriptor names (also one of `openEntry`). */
export function readExtendedAttributesOf(fd: number): ReadAttributes {
  const libc = loadLibc();
  // Most files have none, and by its number the kernel finds an open file several times faster. A path-only descriptor is refused here.
  if (libc.isAvailable && Number(libc.calls.flistxattr(fd, null, 0)) === 0) return none;
  return read(`/proc/self/fd/${fd}`, true);
}

/** Whether an open file has neither attributes nor flags of chattr that are carried. False where libc cannot be called. */
export function hasPlainMetadata(fd: number): boolean {
  const libc = loadLibc();
  if (!libc.isAvailable) return false;
  const bytes = Number(libc.calls.flistxattr(fd, null, 0));
  return (bytes === 0 || (bytes < 0 && libc.errno() === EOPNOTSUPP)) && readFileFlags(fd) === 0;
}

/**
 * Makes the attributes of what a descriptor names exactly these: sets those that differ, removes the others. Labels the system gives
 * by itself (`security.selinux`, `system.*` but ACLs) are set when wanted but never removed.
 */
export function writeExtendedAttributes(fd: number, wanted: readonly ExtendedAttribute[]): readonly Fault[] {
  const libc = loadLibc();
  if (!libc.isAvailable) return [];
  const path = `/proc/self/fd/${fd}`;
  const present = read(path, true);
  const faults = [...present.faults];
  const presentValues = new Map(present.attributes.map(({ name, value }) => [name, value]));
  const wantedNames = new Set(wanted.map(({ name }) => name));
  for (const name of presentValues.keys()) {
    if (wantedNames.has(name) || !isRemovable(name)) continue;
    if (libc.calls.removexattr(path, cString(name)) !== 0) {
      const errno = libc.errno();
      if (errno !== ENODATA) faults.push(attributeFault(name, "removexattr", errno));
    }
  }
  for (const { name, value } of wanted) {
    if (presentValues.get(name) === value) continue;
    const bytes = Buffer.from(value, "base64");
    if (libc.calls.setxattr(path, cString(name), bytes, bytes.length, 0) !== 0) {
      faults.push(attributeFault(name, "setxattr", libc.errno()));
    }
  }
  return faults;
}

function isRemovable(name: ByteString): boolean {
  if (name.startsWith("system.")) return name.startsWith("system.posix_acl_");
  return name !== "security.selinux";
}

function read(path: string | Buffer, isFollowing: boolean): ReadAttributes {
  const libc = loadLibc();
  if (!libc.isAvailable) return none;
  const names = listNames(libc, path, isFollowing);
  if (!Array.isArray(names)) return names;
  const attributes: ExtendedAttribute[] = [];
  const faults: Fault[] = [];
  for (const name of names) {
    const value = readValue(libc, path, name, isFollowing);
    if (typeof value === "string") attributes.push({ name, value });
    else if (value !== null) faults.push(value);
  }
  return { attributes, faults };
}

type AvailableLibc = Extract<Libc, { readonly isAvailable: true }>;

// Shared by the calls of a thread: the kernel allows 64 KiB for the list of names and for a value.
const scratch = Buffer.alloc(65536);

function listNames(libc: AvailableLibc, path: string | Buffer, isFollowing: boolean): ByteString[] | ReadAttributes {
  const list = isFollowing ? libc.calls.listxattr : libc.calls.llistxattr;
  const length = Number(list(path, scratch, scratch.length));
  if (length < 0) {
    const errno = libc.errno();
    if (errno === EOPNOTSUPP) return none;
    return { attributes: [], faults: [faultOf("xattr", new SystemCallError("listxattr", errno))] };
  }
  if (length === 0) return [];
  // Every name ends in NUL.
  return byteStringOf(scratch.subarray(0, length - 1))
    .split("\0")
    .sort() as ByteString[];
}

/** Base64; null when the attribute vanished meanwhile. */
function readValue(
  libc: AvailableLibc,
  path: string | Buffer,
  name: ByteString,
  isFollowing: boolean,
): string | Fault | null {
  const get = isFollowing ? libc.calls.getxattr : libc.calls.lgetxattr;
  const length = Number(get(path, cString(name), scratch, scratch.length));
  if (length >= 0) return scratch.toString("base64", 0, length);
  const errno = libc.errno();
  return errno === ENODATA ? null : attributeFault(name, "getxattr", errno);
}

function attributeFault(name: ByteString, syscall: string, errno: number): Fault {
  const code = new SystemCallError(syscall, errno).code;
  return {
    during: "xattr",
    message: `${code}: ${syscall} ${name}${errno === ERANGE ? " (larger than 64 KiB)" : ""}`,
    code,
    isForbidden: code === "EPERM" || code === "EACCES",
  };
}

function cString(text: string): Buffer {
  return Buffer.from(joinBytes(text, "\0"), "latin1");
}
