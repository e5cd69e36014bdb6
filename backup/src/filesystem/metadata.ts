import { chmodSync, chownSync, fchmodSync, fchownSync, utimesSync } from "node:fs";
import type { ExtendedAttribute } from "../tree/index.ts";
import { statOf } from "./directory.ts";
import { writeExtendedAttributes } from "./extended-attributes.ts";
import { type Fault, faultOf, SystemCallError } from "./fault.ts";
import { writeFileFlags } from "./file-flags.ts";
import { splitNanoseconds } from "./file-stat.ts";
import { loadLibc } from "./libc.ts";

const AT_FDCWD = -100;

/** What is made of an entry beside its content. */
export interface Metadata {
  /** Permission, set-id and sticky bits; passed over for symbolic links, which have none. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since 1970, negative before. */
  readonly mtimeNs: bigint;
  readonly atimeNs: bigint;
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
    setTimes(path, metadata.atimeNs, metadata.mtimeNs);
    assertTimeKept(statOf(fd).mtimeNs, metadata.mtimeNs);
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

function isDressedQuickly(fd: number, { mode, uid, gid, atimeNs, mtimeNs }: Metadata): boolean {
  const libc = loadLibc();
  if (!libc.isAvailable) return false;
  try {
    const isOurs = uid === process.geteuid?.() && gid === process.getegid?.();
    if (!isOurs) fchownSync(fd, uid, gid);
    if ((mode & ~surelyKept) !== 0) fchmodSync(fd, mode);
  } catch {
    return false;
  }
  if (libc.calls.futimens(fd, timesOf(atimeNs, mtimeNs)) !== 0) return false;
  const stat = statOf(fd);
  return stat.mode === mode && stat.uid === uid && stat.gid === gid && stat.mtimeNs === mtimeNs;
}

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

function setTimes(path: string, atimeNs: bigint, mtimeNs: bigint): void {
  const libc = loadLibc();
  if (!libc.isAvailable) {
    setTimesRoughly(path, atimeNs, mtimeNs);
    return;
  }
  if (libc.calls.utimensat(AT_FDCWD, path, timesOf(atimeNs, mtimeNs), 0) !== 0)
    throw new SystemCallError("utimensat", libc.errno());
}

const times = Buffer.from(new ArrayBuffer(32));
const fields = new BigInt64Array(times.buffer, times.byteOffset, 4);

/** Two `struct timespec` in a buffer of this thread; valid until the next call. */
function timesOf(atimeNs: bigint, mtimeNs: bigint): Buffer {
  for (const [at, instantNs] of [atimeNs, mtimeNs].entries()) {
    const { seconds, nanoseconds } = splitNanoseconds(instantNs);
    fields[2 * at] = BigInt(seconds);
    fields[2 * at + 1] = BigInt(nanoseconds);
  }
  return times;
}

/** Filesystems silently put a time beyond their range at its end. Less than two seconds is their granularity, and no surprise. */
function assertTimeKept(keptNs: bigint, wantedNs: bigint): void {
  const differenceNs = keptNs > wantedNs ? keptNs - wantedNs : wantedNs - keptNs;
  if (differenceNs < 2_000_000_000n) return;
  const [kept, wanted] = [keptNs, wantedNs].map((instantNs) => `${instantNs / 1_000_000_000n} s`);
  throw new Error(`the filesystem keeps another time: ${kept} after 1970 instead of ${wanted}`);
}

/** Node's own call keeps about 100 ns, and takes a negative number for "now" but a Date for what it says. */
function setTimesRoughly(path: string, atimeNs: bigint, mtimeNs: bigint): void {
  const rough = (instantNs: bigint) =>
    instantNs < 0n ? new Date(Number(instantNs / 1_000_000n)) : Number(instantNs) / 1e9;
  utimesSync(path, rough(atimeNs), rough(mtimeNs));
}

function attempt(faults: Fault[], during: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    faults.push(faultOf(during, error));
  }
}
