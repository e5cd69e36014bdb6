import { closeSync, constants, openSync } from "node:fs";
import { type Fault, faultOf, SystemCallError } from "./fault.ts";
import { loadLibc } from "./libc.ts";

// linux/fs.h; the ioctl numbers are those of every architecture Node has binaries for.
const FS_IOC_GETFLAGS = 0x80086601;
const FS_IOC_SETFLAGS = 0x40086602;

/** The flags of chattr(1) that say what a person wants of a file, by their letters; the rest describe how the filesystem stores it. */
export const carriedFileFlags: Readonly<Record<string, number>> = {
  s: 0x1,
  u: 0x2,
  c: 0x4,
  S: 0x8,
  i: 0x10,
  a: 0x20,
  d: 0x40,
  A: 0x80,
  j: 0x4000,
  t: 0x8000,
  D: 0x10000,
  T: 0x20000,
  C: 0x800000,
  P: 0x20000000,
};

// One buffer for each thread: a call is over before the next begins.
const flagsRead = Buffer.alloc(8);

const carriedMask = Object.values(carriedFileFlags).reduce((mask, flag) => mask | flag, 0);
const immutableOrAppendOnly = 0x30;
const EBADF = 9;

/** The carried flags of an open file or directory; 0 where the filesystem has none or libc cannot be called. Not for `openEntry`'s descriptors. */
export function readFileFlags(fd: number): number {
  const all = getFlags(fd);
  return all === null ? 0 : all & carriedMask;
}

/**
 * Makes the carried flags of what a descriptor names (a file or a directory; also one of `openEntry`) these. Immutable and append-only
 * files take no further change, so this comes last. Flags the filesystem does not take are named in the faults.
 */
export function writeFileFlags(fd: number, wanted: number): readonly Fault[] {
  const libc = loadLibc();
  if (!libc.isAvailable) return [];
  // Only a descriptor that merely names its entry must be opened anew for it.
  if (getFlags(fd) !== null || libc.errno() !== EBADF) return write(fd, wanted & carriedMask);
  let opened: number;
  try {
    opened = openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return wanted === 0 ? [] : [faultOf("flags", error)];
  }
  try {
    return write(opened, wanted & carriedMask);
  } finally {
    closeSync(opened);
  }
}

/** Takes the flags away that forbid changing or removing an open file or directory. Throws EPERM when not allowed. */
export function clearProtection(fd: number): void {
  const all = getFlags(fd);
  if (all === null || (all & immutableOrAppendOnly) === 0) return;
  const errno = setFlags(fd, all & ~immutableOrAppendOnly);
  if (errno !== 0) throw new SystemCallError("ioctl FS_IOC_SETFLAGS", errno);
}

function write(fd: number, wanted: number): readonly Fault[] {
  const all = getFlags(fd);
  if (all === null) return wanted === 0 ? [] : [flagsFault(wanted, "the filesystem has no flags", "EOPNOTSUPP")];
  if ((all & carriedMask) === wanted) return [];
  let current = (all & ~carriedMask) | (all & wanted);
  const errno = setFlags(fd, current | wanted);
  if (errno !== 0) current = setOneByOne(fd, current, wanted);
  const missing = wanted & ~(getFlags(fd) ?? 0);
  if (missing === 0 && errno === 0) return [];
  if (missing === 0) return [];
  const code = errno === 0 ? "EOPNOTSUPP" : new SystemCallError("ioctl", errno).code;
  return [flagsFault(missing, "not taken by the filesystem", code)];
}

/** One refused flag must not cost the others. The protecting ones come last: after them nothing can be set. */
function setOneByOne(fd: number, start: number, wanted: number): number {
  let current = start;
  const flags = Object.values(carriedFileFlags).filter((flag) => (wanted & flag) !== 0);
  flags.sort((a, b) => Number((a & immutableOrAppendOnly) !== 0) - Number((b & immutableOrAppendOnly) !== 0));
  for (const flag of [0, ...flags]) {
    if (setFlags(fd, current | flag) === 0) current |= flag;
  }
  return current;
}

function flagsFault(flags: number, reason: string, code: string): Fault {
  const letters = Object.entries(carriedFileFlags).filter(([, flag]) => (flags & flag) !== 0);
  return {
    during: "flags",
    message: `${code}: chattr +${letters.map(([letter]) => letter).join("")}: ${reason}`,
    code,
    isForbidden: code === "EPERM" || code === "EACCES",
  };
}

function getFlags(fd: number): number | null {
  const libc = loadLibc();
  if (!libc.isAvailable) return null;
  return libc.calls.ioctl(fd, FS_IOC_GETFLAGS, flagsRead) === 0 ? flagsRead.readInt32LE(0) : null;
}

/** Returns errno, 0 when done. */
function setFlags(fd: number, flags: number): number {
  const libc = loadLibc();
  if (!libc.isAvailable) return 0;
  const argument = Buffer.alloc(8);
  argument.writeInt32LE(flags, 0);
  return libc.calls.ioctl(fd, FS_IOC_SETFLAGS, argument) === 0 ? 0 : libc.errno();
}
