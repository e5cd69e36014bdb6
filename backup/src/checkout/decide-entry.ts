/** Whether what is there now would be had again if it were overwritten; else why not. */
export type Kept = { readonly isKept: true } | { readonly isKept: false; readonly reason: string };

/** What counts of an entry that is there where the snapshot has one too. */
export interface PresentEntry {
  /** How far it is as the snapshot has it: in everything, in all but metadata (owner, rights, times, attributes), or not. */
  readonly likeness: "same" | "content" | "different";
  /** Whether it is a name of those entries that it is one of in the snapshot, and of no others. */
  readonly isLinkedRight: boolean;
  /** Found out only where it counts. */
  readonly kept: Kept;
}

export type EntryDecision =
  | { readonly action: "unchanged" | "metadata" | "replace" }
  | { readonly action: "conflict"; readonly reason: string };

/**
 * What becomes of an entry that exists. One is a conflict when its content is neither what the snapshot has nor had by another one, unless the
 * person said that it may be lost. Pure.
 */
export function decideEntry({ likeness, isLinkedRight, kept }: PresentEntry, isForced: boolean): EntryDecision {
  if (likeness !== "different") {
    if (!isLinkedRight) return { action: "replace" };
    return { action: likeness === "same" ? "unchanged" : "metadata" };
  }
  if (kept.isKept || isForced) return { action: "replace" };
  return { action: "conflict", reason: kept.reason };
}
