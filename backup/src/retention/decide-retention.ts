import type { Id } from "../blob/index.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import type { RetentionPolicy } from "./policy.ts";

export interface KeptSnapshot {
  readonly snapshot: StoredSnapshot;
  /** Why, in restic's words ("daily snapshot", "within 7d", "has tags [a b]"), and "held: <reason>". */
  readonly reasons: readonly string[];
}

/** Newest first; kept and removed together are all snapshots. */
export interface RetentionDecision {
  readonly keep: readonly KeptSnapshot[];
  readonly remove: readonly StoredSnapshot[];
}

export interface RetentionCircumstances {
  /** Snapshots of later than this are not what `keepWithin` counts from. */
  readonly nowMs: number;
  /** Reasons of the holds in force, by snapshot. */
  readonly holds?: ReadonlyMap<Id, string>;
}

/** What the policy keeps of one group of snapshots. An empty policy keeps only what is held. */
export function decideRetention(
  snapshots: readonly StoredSnapshot[],
  policy: RetentionPolicy,
  circumstances: RetentionCircumstances,
): RetentionDecision {
  throw new Error(`not built yet (${snapshots.length} ${policy.keepLast} ${circumstances.nowMs})`);
}
