import type { Id } from "../blob/index.ts";

/** How much unused data may stay: bytes, a part of the repository in percent, or as much as there is. */
export type UnusedLimit =
  | { readonly bytes: number }
  | { readonly percentOfRepository: number }
  | { readonly isUnlimited: true };

export interface PruneLimits {
  /** 5 percent unless given. */
  readonly maxUnused?: UnusedLimit;
  /** Stops choosing packs to rewrite at so many bytes. */
  readonly maxRepackBytes?: number;
  /** Also rewrites packs that are smaller than 80 percent of what a pack is meant to be. */
  readonly repackSmall?: boolean;
  /** Rewrites only packs of trees. */
  readonly repackCacheableOnly?: boolean;
}

export interface PruneCount {
  readonly blobs: number;
  readonly bytes: number;
}

/** What prune will do. Bytes are as stored. */
export interface PrunePlan {
  /** Packs with nothing that is needed. */
  readonly packsToRemove: readonly Id[];
  /** Packs whose needed blobs are written again, in the order of work. */
  readonly packsToRepack: readonly Id[];
  /** Packs that no index mentions (an interrupted backup's). */
  readonly packsUnreferenced: readonly Id[];
  /** Packs in the index that do not exist; nothing that is needed was in them alone. */
  readonly packsMissing: readonly Id[];
  readonly packsKept: number;
  readonly used: PruneCount;
  /** Further copies of used blobs. */
  readonly duplicate: PruneCount;
  readonly unused: PruneCount;
  readonly unreferencedBytes: number;
  /** Goes with whole packs. */
  readonly removed: PruneCount;
  /** Read again, and of that, what is not written again. */
  readonly repacked: PruneCount;
  readonly repackFreed: PruneCount;
  readonly totalBytesBefore: number;
  readonly totalBytesAfter: number;
  /** Unused blobs and further copies that stay within packs. */
  readonly unusedBytesAfter: number;
}
