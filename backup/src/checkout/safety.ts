import { lstatSync } from "node:fs";
import { backUp } from "../archiver/back-up.ts";
import type { Exclusions, ParentChoice } from "../archiver/backup-options.ts";
import { vanished } from "../archiver/item-errors.ts";
import { changedWhileRead } from "../archiver/walking/record-entry.ts";
import { type ByteString, displayText, systemPath } from "../byte-string/index.ts";
import { codeOf } from "../filesystem/index.ts";
import type { ItemError, OnProgress } from "../progress/index.ts";
import type { Repository } from "../repository/index.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import { covers } from "./kept-versions.ts";

/** The tag of snapshots that were taken before a rollback, for it to be rolled back by. */
export const safetyTag = "safety";

export interface SafetyOptions {
  readonly paths: readonly ByteString[];
  readonly hostname: string;
  /** Names the rollback: one that is begun again finds the snapshot it has. */
  readonly runTag: string;
  readonly programVersion: string;
  readonly exclude: Exclusions;
  /** All snapshots of the host, newest first. */
  readonly others: readonly StoredSnapshot[];
  readonly retryLockForMs: number;
  readonly now: () => number;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** A safety snapshot, and what of the paths it could not read. Null when nothing is there to be kept. */
export interface SafetySnapshot {
  readonly id: string;
  readonly unreadable: readonly ItemError[];
}

/** The safety snapshot that a rollback took before it was cut off. Pure. */
export function findSafety(snapshots: readonly StoredSnapshot[], runTag: string): StoredSnapshot | null {
  return snapshots.find(({ tags }) => tags?.includes(safetyTag) && tags.includes(runTag)) ?? null;
}

/** Takes a snapshot of the present; it is durable when this resolves. Throws what `backUp` throws, and what the file system says of a path. */
export async function takeSafetySnapshot(
  repository: Repository,
  options: SafetyOptions,
): Promise<SafetySnapshot | null> {
  const present = options.paths.filter(isThere);
  if (present.length === 0) return null;
  const summary = await backUp(repository, {
    source: { kind: "paths", paths: present },
    absentPaths: options.paths.filter((path) => !present.includes(path)),
    hostname: options.hostname,
    now: options.now,
    tags: [safetyTag, options.runTag],
    programVersion: options.programVersion,
    exclude: options.exclude,
    parent: parentOf(options),
    retryLockForMs: options.retryLockForMs,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  if (summary.snapshotId === null) throw new Error("the safety snapshot was not made");
  return { id: summary.snapshotId, unreadable: summary.itemErrors.filter(isUnreadable) };
}

/** What of a safety snapshot's paths is not in it though it is there. Pure. */
export function unreadableIn({ summary }: StoredSnapshot): readonly ItemError[] {
  return (summary?.error_items ?? []).filter(isUnreadable);
}

/** A file that changed meanwhile was read, and one that vanished is not lost; metadata that could not be had is no content. */
function isUnreadable({ during, message }: ItemError): boolean {
  if (message === changedWhileRead || message === vanished) return false;
  return ["target", "lstat", "open", "read", "readlink"].includes(during);
}

/** Not that of the same paths, of which there may be none, but the newest that has them: what is in it is not read again. */
function parentOf({ others, paths }: SafetyOptions): ParentChoice {
  const newest = others.find((snapshot) => paths.some((path) => covers(snapshot, path)));
  return newest === undefined ? { kind: "newest" } : { kind: "snapshot", id: newest.id };
}

function isThere(path: ByteString): boolean {
  try {
    lstatSync(systemPath(path));
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw new Error(`${displayText(path)} cannot be looked at: ${code}`, { cause: error });
  }
}
