import type { ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { findReferenced, latestOf, SnapshotReference } from "../smart-view/index.ts";

export interface NamedSnapshot {
  readonly name: string;
  readonly snapshot: ViewSnapshot;
}

/**
 * Snapshots by name, as folders: when they were taken, to the second (`2026-11-23T08:15:00Z`); of several in one second all but the one of files have the
 * beginning of their id behind that. Before them `latest`. Pure.
 */
export function nameSnapshots(snapshots: readonly ViewSnapshot[]): NamedSnapshot[] {
  const bySecond = Map.groupBy(snapshots, (snapshot) => timeName(snapshot));
  const named = snapshots.map((snapshot) => {
    const time = timeName(snapshot);
    const same = bySecond.get(time) ?? [];
    const id = snapshot.id.slice(0, 8);
    const name = time === null ? id : latestOf(same) === snapshot ? time : `${time}-${id}`;
    return { name, snapshot };
  });
  const latest = latestOf(snapshots);
  return latest === undefined ? [] : [{ name: "latest", snapshot: latest }, ...named];
}

/** The snapshot of this name, or of this id or beginning of one; null when there is none, or the beginning fits several. Pure. */
export function findNamed(name: string, snapshots: readonly ViewSnapshot[]): ViewSnapshot | null {
  const named = nameSnapshots(snapshots).find((one) => one.name === name);
  if (named !== undefined) return named.snapshot;
  if (!SnapshotReference.safeParse(name).success) return null;
  const found = findReferenced(name, snapshots);
  return found.kind === "found" ? (snapshots.find(({ id }) => id === found.id) ?? null) : null;
}

/** Null for an instant beyond the years that have four digits. */
function timeName({ takenAtMs }: ViewSnapshot): string | null {
  if (!(takenAtMs >= 0 && takenAtMs < 253_402_300_800_000)) return null;
  return `${new Date(takenAtMs).toISOString().slice(0, 19)}Z`;
}
