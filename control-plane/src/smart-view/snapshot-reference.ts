import type { SnapshotId, ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { z } from "zod";

/** A snapshot as people name it. */
export const SnapshotReference = z
  .string()
  .regex(
    /^(latest|[0-9a-f]{8,64})$/,
    "names no snapshot: its id, the first 8 or more digits of that, or the word latest",
  );
export type SnapshotReference = z.infer<typeof SnapshotReference>;

export type FoundSnapshot =
  | { readonly kind: "found"; readonly id: SnapshotId }
  | { readonly kind: "none" }
  | { readonly kind: "ambiguous"; readonly candidates: readonly ViewSnapshot[] };

export function isFullId(reference: string): boolean {
  return reference.length === 64;
}

/** Which of the snapshots (oldest first) a reference means. Pure. */
export function findReferenced(reference: SnapshotReference, snapshots: readonly ViewSnapshot[]): FoundSnapshot {
  if (reference === "latest") {
    const latest = latestOf(snapshots);
    return latest === undefined ? { kind: "none" } : { kind: "found", id: latest.id };
  }
  const candidates = snapshots.filter(({ id }) => id.startsWith(reference));
  const [first, ...others] = candidates;
  if (first === undefined) return { kind: "none" };
  return others.length === 0 ? { kind: "found", id: first.id } : { kind: "ambiguous", candidates };
}

/** The newest snapshot of files: one run also makes a snapshot of each of its dumps, and those are not what people look for. Pure. */
export function latestOf(snapshots: readonly ViewSnapshot[]): ViewSnapshot | undefined {
  return snapshots.findLast((snapshot) => !isOfDump(snapshot)) ?? snapshots.at(-1);
}

function isOfDump({ tags }: ViewSnapshot): boolean {
  return tags.some((tag) => tag.startsWith("source=") && tag !== "source=paths");
}
