import type { ObjectType } from "../repository/repository-layout.ts";

/** What decides whether an upload has room; all in bytes. */
export interface RoomFacts {
  readonly type: ObjectType;
  /** What is known of its size; what has come so far when that is nothing. */
  readonly sizeBytes: number;
  /** Whether the client may delete: one that prunes must write indexes before it can free anything. */
  readonly mayDelete: boolean;
  /** 0 is unlimited. */
  readonly quotaBytes: number;
  /** In the repository, with uploads under way. */
  readonly usedBytes: number;
  readonly trashBytes: number;
  readonly freeBytes: number;
  readonly reserveBytes: number;
}

/** Locks are some hundred bytes; what claims to be one and is larger is treated as data. */
const largestLockBytes = 64 * 1024;

/**
 * Why an upload has no room, or null when it has. Locks always pass, for without one nothing can be deleted. Indexes of a client that may
 * delete pass into half of the reserve and a twentieth beyond the quota, for pruning writes the new index before the old ones go. What is
 * in the trash does not count, up to as much again as the quota: deleting makes room at once, yet uploading and deleting in turn cannot
 * fill the disk. Pure.
 */
export function refusalOfRoom(facts: RoomFacts): string | null {
  if (facts.type === "locks" && facts.sizeBytes <= largestLockBytes) return null;
  const frees = facts.mayDelete && facts.type === "index";
  const reserveBytes = frees ? facts.reserveBytes / 2 : facts.reserveBytes;
  if (facts.freeBytes - facts.sizeBytes < reserveBytes)
    return `the storage is full: ${facts.freeBytes} bytes are free, ${Math.ceil(reserveBytes)} are kept in reserve`;
  if (facts.quotaBytes === 0) return null;
  const quotaBytes = frees ? facts.quotaBytes * 1.05 : facts.quotaBytes;
  const needed = facts.usedBytes + facts.sizeBytes;
  if (needed > quotaBytes)
    return `the quota of the repository is reached: ${facts.usedBytes} of ${facts.quotaBytes} bytes are used, this needs ${facts.sizeBytes}`;
  if (needed + facts.trashBytes > 2 * quotaBytes)
    return `the trash of the repository holds ${facts.trashBytes} bytes, more than the quota of ${facts.quotaBytes} bytes leaves room for; it is emptied by time or by an administrator`;
  return null;
}
