import type { BigIntStats } from "node:fs";
import type { NodeType } from "../tree/index.ts";

const nanosecondsPerSecond = 1_000_000_000n;

/** What lstat says of an entry. Times are kept as two numbers, so that comparing costs no bigint; the getters join them. */
export class FileStat {
  readonly type: NodeType;
  /** Permission, set-id and sticky bits: st_mode & 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  /** Bytes. For directories and devices: whatever the filesystem says. */
  readonly size: number;
  /** Of 512 bytes. */
  readonly blocks: number;
  readonly inode: bigint;
  readonly deviceId: bigint;
  /** st_rdev of devices, 0 of everything else. */
  readonly device: bigint;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly ctimeSeconds: number;
  readonly ctimeNanoseconds: number;
  readonly atimeSeconds: number;
  readonly atimeNanoseconds: number;

  constructor(fields: FileStatFields) {
    this.type = typeOfMode(fields.mode);
    this.mode = fields.mode & 0o7777;
    this.uid = fields.uid;
    this.gid = fields.gid;
    this.links = fields.links;
    this.size = fields.size;
    this.blocks = fields.blocks;
    this.inode = fields.inode;
    this.deviceId = fields.deviceId;
    this.device = fields.device;
    this.mtimeSeconds = fields.mtimeSeconds;
    this.mtimeNanoseconds = fields.mtimeNanoseconds;
    this.ctimeSeconds = fields.ctimeSeconds;
    this.ctimeNanoseconds = fields.ctimeNanoseconds;
    this.atimeSeconds = fields.atimeSeconds;
    this.atimeNanoseconds = fields.atimeNanoseconds;
  }

  /** Nanoseconds since 1970, negative before. */
  get mtimeNs(): bigint {
    return joinNanoseconds(this.mtimeSeconds, this.mtimeNanoseconds);
  }

  get ctimeNs(): bigint {
    return joinNanoseconds(this.ctimeSeconds, this.ctimeNanoseconds);
  }

  get atimeNs(): bigint {
    return joinNanoseconds(this.atimeSeconds, this.atimeNanoseconds);
  }
}

/** The fields of a FileStat as the system has them: `mode` is the whole st_mode. */
export interface FileStatFields {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  readonly size: number;
  readonly blocks: number;
  readonly inode: bigint;
  readonly deviceId: bigint;
  readonly device: bigint;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly ctimeSeconds: number;
  readonly ctimeNanoseconds: number;
  readonly atimeSeconds: number;
  readonly atimeNanoseconds: number;
}

/** Of what Node's lstat and fstat return with `bigint: true`. */
export function fileStatOf(stats: BigIntStats): FileStat {
  const mtime = splitNanoseconds(stats.mtimeNs);
  const ctime = splitNanoseconds(stats.ctimeNs);
  const atime = splitNanoseconds(stats.atimeNs);
  return new FileStat({
    mode: Number(stats.mode),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    links: Number(stats.nlink),
    size: Number(stats.size),
    blocks: Number(stats.blocks),
    inode: stats.ino,
    deviceId: stats.dev,
    device: stats.rdev,
    mtimeSeconds: mtime.seconds,
    mtimeNanoseconds: mtime.nanoseconds,
    ctimeSeconds: ctime.seconds,
    ctimeNanoseconds: ctime.nanoseconds,
    atimeSeconds: atime.seconds,
    atimeNanoseconds: atime.nanoseconds,
  });
}

/** Splits nanoseconds since 1970 as a `timespec` has them: the nanoseconds are 0..999999999 also before 1970. */
export function splitNanoseconds(instantNs: bigint): { readonly seconds: number; readonly nanoseconds: number } {
  const rest = instantNs % nanosecondsPerSecond;
  const nanoseconds = rest < 0n ? rest + nanosecondsPerSecond : rest;
  return { seconds: Number((instantNs - nanoseconds) / nanosecondsPerSecond), nanoseconds: Number(nanoseconds) };
}

function joinNanoseconds(seconds: number, nanoseconds: number): bigint {
  return BigInt(seconds) * nanosecondsPerSecond + BigInt(nanoseconds);
}

/** The type of an entry by its st_mode (S_IFMT, inode(7)). */
export function typeOfMode(mode: number): NodeType {
  switch (mode & 0o170000) {
    case 0o100000:
      return "file";
    case 0o040000:
      return "dir";
    case 0o120000:
      return "symlink";
    case 0o060000:
      return "dev";
    case 0o020000:
      return "chardev";
    case 0o010000:
      return "fifo";
    case 0o140000:
      return "socket";
    default:
      return "irregular";
  }
}
