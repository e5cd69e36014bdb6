import type { Id } from "../blob/index.ts";

/** What became of the packs that the server found damaged. */
export interface HealingReport {
  readonly wantedPacks: readonly Id[];
  /** Blobs that only a damaged pack had, and that are stored anew: they still opened there, or were read again from their files. */
  readonly healedBlobs: number;
  /** Blobs that no file of this backup has any more: the older snapshots that use them stay damaged. */
  readonly lostBlobs: readonly Id[];
  /** Packs that are out of the index and removed now. A pack with a lost blob stays, for `repair`. */
  readonly removedPacks: readonly Id[];
  /** Why packs that are healed are not removed yet (a lock, an append-only token); the next backup tries again. Null when they are. */
  readonly pendingBecause: string | null;
}
