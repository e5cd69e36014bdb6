import { type Stats, statSync } from "node:fs";

/** Which file it is, among those that are there and those that had its inode before. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** When its inode came into being; 0 where nobody tells. */
  readonly bornAtMs: number;
}

export type IdentifyingStats = Pick<Stats, "dev" | "ino" | "birthtimeMs">;

/** Whoever lacks statx(2), in some sandboxes, is given the time of the last change instead, as /proc shows, whose files have no birth. */
const isBirthTold = isToldOf("/proc");

function isToldOf(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.birthtimeMs !== stats.ctimeMs;
}

/** A file's identity by what is known of it. */
export function identityOf(stats: IdentifyingStats): FileIdentity {
  return { device: stats.dev, inode: stats.ino, bornAtMs: isBirthTold ? stats.birthtimeMs : 0 };
}

/** Whether both are one file, as far as that can be told without looking into it. */
export function isSameIdentity(file: FileIdentity, stats: IdentifyingStats): boolean {
  const other = identityOf(stats);
  const isSameInode = other.inode === file.inode && other.device === file.device;
  return isSameInode && (file.bornAtMs === 0 || other.bornAtMs === 0 || file.bornAtMs === other.bornAtMs);
}

/** A key that no other file has. */
export function keyOf({ device, inode, bornAtMs }: FileIdentity): string {
  return `${device}:${inode}:${bornAtMs}`;
}

/** The same of a file that was looked at. */
export function fileKey(stats: IdentifyingStats): string {
  return keyOf(identityOf(stats));
}
