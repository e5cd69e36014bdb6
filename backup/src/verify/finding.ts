import type { Id } from "../blob/index.ts";

export const findingKinds = [
  "snapshot-unreadable",
  "index-unreadable",
  "tree-missing",
  "tree-damaged",
  "blob-missing",
  "size-wrong",
  "pack-missing",
  "pack-size-wrong",
  "pack-damaged",
  "index-wrong",
  "pack-unreferenced",
  "blob-duplicate",
  "index-mixed",
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** A file of a snapshot that a fault hits. */
export interface AffectedFile {
  readonly snapshotId: Id;
  /** For people: odd bytes escaped. */
  readonly path: string;
}

/** Something verify found. Notes are harmless: the repository is whole, prune will tidy up. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: "error" | "note";
  /** The stored object, e.g. `data/ab12...`. */
  readonly object: string;
  readonly message: string;
  /** Errors in packs and blobs: which snapshots and files they hit; the list is bounded, the counts are not. */
  readonly affectedSnapshots?: readonly Id[];
  readonly affectedFiles?: readonly AffectedFile[];
  readonly affectedFileCount?: number;
}
