import type { Id } from "../blob/index.ts";

/** What became of the packs that the server found damaged. */
export interface HealingReport {
  readonly wantedPacks: readonly Id[];
  /** Blobs that still opened in their damaged pack, or were read again from their files, and are stored anew. */
  readonly healedBlobs: number;
  /** Blobs that no file of this backup has any more: the older snapshots that use them stay damaged. */
  readonly lostBlobs: readonly Id[];
  /** Packs that are out of the index and removed now; the others hold a lost blob and stay, for `repair`. */
  readonly removedPacks: readonly Id[];
}
