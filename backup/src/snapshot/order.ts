import { instantNs } from "../tree/instant.ts";
import type { StoredSnapshot } from "./snapshot.ts";

/**
 * Oldest first. Where a server counted both, its sequence decides: clients' clocks may be wrong. Snapshots without a sequence were there
 * before the server began to count, so they come first, among themselves by time. Equal ones by id, so that the order is total.
 */
export function compareSnapshots(a: StoredSnapshot, b: StoredSnapshot): number {
  if (a.sequence !== null && b.sequence !== null && a.sequence !== b.sequence) return a.sequence - b.sequence;
  if ((a.sequence === null) !== (b.sequence === null)) return a.sequence === null ? -1 : 1;
  const [atA, atB] = [instantNs(a.time), instantNs(b.time)];
  if (atA !== atB) return atA < atB ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The newest of these, or null when there is none. */
export function newestSnapshot(snapshots: readonly StoredSnapshot[]): StoredSnapshot | null {
  let newest: StoredSnapshot | null = null;
  for (const snapshot of snapshots) {
    if (newest === null || compareSnapshots(newest, snapshot) < 0) newest = snapshot;
  }
  return newest;
}
