import type { BlobType, Id } from "../blob/index.ts";

export const findingKinds = [
  "key-damaged",
  "snapshot-unreadable",
  "index-unreadable",
  "tree-missing",
  "tree-damaged",
  "blob-missing",
  "size-wrong",
  "pack-missing",
  "pack-size-wrong",
  "pack-damaged",
  "pack-unreferenced",
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** A file of a snapshot that a fault hits. */
export interface AffectedFile {
  readonly snapshotId: Id;
  /** For people: odd bytes escaped. A directory that cannot be read ends with a slash. */
  readonly path: string;
}

/** A blob that cannot be had from a pack. */
export interface LostBlob {
  readonly type: BlobType;
  readonly id: Id;
}

/** Something verify found. Notes are harmless: the repository is whole, prune will tidy up. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: "error" | "note";
  /** The stored object, e.g. `data/ab12...`. */
  readonly object: string;
  readonly message: string;
  /** Which snapshots and files lose content by it, as far as no other pack has that; the list is bounded, the counts are not. */
  readonly affectedSnapshots: readonly Id[];
  readonly affectedFiles: readonly AffectedFile[];
  readonly affectedFileCount: number;
}
