import type { Snapshot } from "./snapshot.ts";

/** Which snapshots are meant; a part that is absent or empty admits all. As restic's --host, --tag and --path. */
export interface SnapshotFilter {
  /** One of these hosts. */
  readonly hosts?: readonly string[];
  /** One of these lists, with all tags of that list; the empty list means snapshots without tags. */
  readonly tags?: readonly (readonly string[])[];
  /** All of these paths. */
  readonly paths?: readonly string[];
}

/** Whether the filter admits the snapshot. */
export function matchesFilter(snapshot: Snapshot, filter: SnapshotFilter): boolean {
  const { hosts = [], tags = [], paths = [] } = filter;
  if (hosts.length > 0 && !hosts.includes(snapshot.hostname ?? "")) return false;
  if (tags.length > 0 && !tags.some((list) => hasTags(snapshot, list))) return false;
  return paths.every((path) => snapshot.paths.includes(path));
}

/** Whether the snapshot has every one of these tags; no tags (or one empty one, as restic's `--tag ""`) asks for snapshots without any. */
export function hasTags(snapshot: Snapshot, tags: readonly string[]): boolean {
  const present = snapshot.tags ?? [];
  if (tags.length === 0 || (tags.length === 1 && tags[0] === "")) return present.length === 0;
  return tags.every((tag) => present.includes(tag));
}
