import type { Snapshot } from "./snapshot.ts";

export const groupKeys = ["host", "paths", "tags"] as const;
export type GroupKey = (typeof groupKeys)[number];

/** What the snapshots of a group have in common; null for what they were not grouped by. Paths and tags are sorted. */
export interface SnapshotGroup<S extends Snapshot> {
  readonly host: string | null;
  readonly paths: readonly string[] | null;
  readonly tags: readonly string[] | null;
  readonly snapshots: readonly S[];
}

/** Splits snapshots into groups of the same host, paths and tags, as far as asked for; they keep their order. Groups are sorted by their key. */
export function groupSnapshots<S extends Snapshot>(
  snapshots: readonly S[],
  groupBy: readonly GroupKey[],
): readonly SnapshotGroup<S>[] {
  const groups = new Map<string, SnapshotGroup<S> & { snapshots: S[] }>();
  for (const snapshot of snapshots) {
    const host = groupBy.includes("host") ? (snapshot.hostname ?? "") : null;
    const paths = groupBy.includes("paths") ? [...snapshot.paths].sort() : null;
    const tags = groupBy.includes("tags") ? [...(snapshot.tags ?? [])].sort() : null;
    const key = JSON.stringify([host, paths, tags]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { host, paths, tags, snapshots: [snapshot] });
    else group.snapshots.push(snapshot);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, group]) => group);
}
