import { chmodSync, chownSync, fchmodSync, fchownSync, utimesSync } from "node:fs";
import { byteString } from "../byte-string/index.ts";
import type { ExtendedAttribute } from "../tree/index.ts";
import { statOf } from "./directory.ts";
import { writeExtendedAttributes } from "./extended-attributes.ts";
import { type Fault, faultOf, SystemCallError } from "./fault.ts";
import { writeFileFlags } from "./file-flags.ts";
import type { FileStat } from "./file-stat.ts";
import { loadLibc } from "./libc.ts";
import { StatNumbers } from "./stat-numbers.ts";

const AT_FDCWD = -100;

/** What is made of an entry beside its content. */
export interface Metadata {
  /** Permission, set-id and sticky bits; passed over for symbolic links, which have none. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970 (floor, negative before), and nanoseconds after them (0..999,999,999): a timespec. */
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly atimeSeconds: number;
  readonly atimeNanoseconds: number;
  readonly extendedAttributes: readonly ExtendedAttribute[];
  /** The carried flags of chattr (0 for none). */
  readonly fileFlags: number;
}

/**
 * Gives what a descriptor names (opened by `createFile`, `openDirectory` or `openEntry`; any type) this metadata: owner, then
 * attributes, mode, times, and flags last. Of a directory: after everything in it is done. What cannot be done is returned, the rest is
 * done all the same; without root, owner and some attributes are refused (`isForbidden`).
 */
export function applyMetadata(fd: number, metadata: Metadata): readonly Fault[] {
  const path = `/proc/self/fd/${fd}`;
  const stat = statOf(fd);
  const faults: Fault[] = [];
  if (stat.uid !== metadata.uid || stat.gid !== metadata.gid) {
    attempt(faults, "owner", () => chownOrGroup(path, stat.uid, metadata));
  }
  // Who is not root needs the right to write to set attributes, which a file to be read-only may lack already.
  if (stat.type !== "symlink" && (stat.mode & 0o200) === 0 && process.geteuid?.() !== 0) {
    attempt([], "mode", () => chmodSync(path, stat.mode | 0o200));
  }
  faults.push(...writeExtendedAttributes(fd, metadata.extendedAttributes));
  // After chown, which takes set-id bits away, and after ACLs, whose mask is the group's part of the mode.
  if (stat.type !== "symlink") attempt(faults, "mode", () => chmodSync(path, metadata.mode));
  attempt(faults, "times", () => {
    setTimes(path, metadata);
    assertTimeKept(statOf(fd), metadata);
  });
  if (stat.type === "file" || stat.type === "dir") faults.push(...writeFileFlags(fd, metadata.fileFlags));
  return faults;
}

/** Of modes beyond this, what the umask leaves is not known. */
const surelyKept = 0o755;

/**
 * `applyMetadata` for a file that was just made with this mode less the umask, by its permission bits, and that inherited nothing: most need
 * their times only. Looks afterwards whether all came out as it should.
 */
export function applyMetadataToNew(fd: number, metadata: Metadata): readonly Fault[] {
  const isPlain = metadata.extendedAttributes.length === 0 && metadata.fileFlags === 0;
  return isPlain && isDressedQuickly(fd, metadata) ? [] : applyMetadata(fd, metadata);
}

function isDressedQuickly(fd: number, metadata: Metadata): boolean {
  const { mode, uid, gid } = metadata;
  const libc = loadLibc();
  if (!libc.isAvailable) return false;
  try {
    const isOurs = uid === process.geteuid?.() && gid === process.getegid?.();
    if (!isOurs) fchownSync(fd, uid, gid);
    if ((mode & ~surelyKept) !== 0) fchmodSync(fd, mode);
  } catch {
    return false;
  }
  if (libc.calls.futimens(fd, timesOf(metadata)) !== 0) return false;
  if (!found.lookAt(fd, itself)) return false;
  const isDated = found.mtimeSeconds === metadata.mtimeSeconds && found.mtimeNanoseconds === metadata.mtimeNanoseconds;
  return isDated && found.mode === mode && found.uid === uid && found.gid === gid;
}

/** Of the last file that was looked at; one for each thread. */
const found = new StatNumbers();
const itself = byteString("");

/** Without root the owner cannot be given away, but the group may be one of one's own. */
function chownOrGroup(path: string, uidNow: number, metadata: Metadata): void {
  try {
    chownSync(path, metadata.uid, metadata.gid);
  } catch (error) {
    if (uidNow !== metadata.uid) {
      attempt([], "owner", () => chownSync(path, uidNow, metadata.gid));
    }
    throw error;
  }
}

function setTimes(path: string, metadata: Metadata): void {
  const libc = loadLibc();
  if (!libc.isAvailable) {
    setTimesRoughly(path, metadata);
    return;
  }
  if (libc.calls.utimensat(AT_FDCWD, path, timesOf(metadata), 0) !== 0)
    throw new SystemCallError("utimensat", libc.errno());
}

const times = Buffer.from(new ArrayBuffer(32));
const fields = new BigInt64Array(times.buffer, times.byteOffset, 4);

/** Two `struct timespec` in a buffer of this thread; valid until the next call. */
function timesOf({ atimeSeconds, atimeNanoseconds, mtimeSeconds, mtimeNanoseconds }: Metadata): Buffer {
  fields[0] = BigInt(atimeSeconds);
  fields[1] = BigInt(atimeNanoseconds);
  fields[2] = BigInt(mtimeSeconds);
  fields[3] = BigInt(mtimeNanoseconds);
  return times;
}

/** Filesystems silently put a time beyond their range at its end. Less than two seconds is their granularity, and no surprise. */
function assertTimeKept(kept: FileStat, wanted: Metadata): void {
  const seconds = kept.mtimeSeconds - wanted.mtimeSeconds;
  if (Math.abs(seconds + (kept.mtimeNanoseconds - wanted.mtimeNanoseconds) / 1e9) < 2) return;
  throw new Error(
    `the filesystem keeps another time: ${kept.mtimeSeconds} s after 1970 instead of ${wanted.mtimeSeconds} s`,
  );
}

/** Node's own call keeps about 100 ns, and takes a negative number for "now" but a Date for what it says. */
function setTimesRoughly(path: string, metadata: Metadata): void {
  const rough = (seconds: number, nanoseconds: number) =>
    seconds < 0 ? new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6)) : seconds + nanoseconds / 1e9;
  const { atimeSeconds, atimeNanoseconds, mtimeSeconds, mtimeNanoseconds } = metadata;
  utimesSync(path, rough(atimeSeconds, atimeNanoseconds), rough(mtimeSeconds, mtimeNanoseconds));
}

function attempt(faults: Fault[], during: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    faults.push(faultOf(during, error));
  }
}
