import { isDeepStrictEqual } from "node:util";
import type { Snapshot, StoredSnapshot } from "../snapshot/index.ts";
import { instantNs } from "../tree/index.ts";

/**
 * The snapshot in the other repository that is a copy of this one, or null: it has the same original and says the same but for its parent
 * (restic's rule).
 */
export function findCopy(snapshot: StoredSnapshot, others: readonly StoredSnapshot[]): StoredSnapshot | null {
  const original = snapshot.original ?? snapshot.id;
  return (
    others.find((other) => (other.original === original || other.id === original) && saysSame(snapshot, other)) ?? null
  );
}

function saysSame(a: Snapshot, b: Snapshot): boolean {
  return (
    instantNs(a.time) === instantNs(b.time) &&
    a.tree === b.tree &&
    (a.hostname ?? "") === (b.hostname ?? "") &&
    (a.username ?? "") === (b.username ?? "") &&
    (a.uid ?? 0) === (b.uid ?? 0) &&
    (a.gid ?? 0) === (b.gid ?? 0) &&
    isDeepStrictEqual(a.excludes ?? [], b.excludes ?? []) &&
    isDeepStrictEqual(sorted(a.paths), sorted(b.paths)) &&
    isDeepStrictEqual(sorted(a.tags), sorted(b.tags))
  );
}

function sorted(texts: readonly string[] = []): readonly string[] {
  return [...texts].sort();
}
