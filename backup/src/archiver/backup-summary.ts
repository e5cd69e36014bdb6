import type { Id } from "../blob/index.ts";
import type { HealingReport } from "../healing/index.ts";
import type { ItemError } from "../progress/index.ts";
import type { SnapshotSummary } from "../snapshot/index.ts";

/** What a backup did. */
export interface BackupSummary {
  /** Null after a dry run, and when `skipIfUnchanged` found nothing new. */
  readonly snapshotId: Id | null;
  readonly parentId: Id | null;
  readonly treeId: Id;
  /** Figures as the snapshot records them; of a dry run, what they would be. */
  readonly figures: SnapshotSummary;
  readonly excludedItems: number;
  /** Sockets: recorded, but nothing can carry what they are. */
  readonly sockets: number;
  /** Entries that could not be read or carried whole; `itemErrors` has the first 1,000. */
  readonly errorCount: number;
  readonly itemErrors: readonly ItemError[];
  /** Whether something that was asked for is missing from the snapshot or not as it is on disk. */
  readonly isIncomplete: boolean;
  /** What was done about packs that the server found damaged; null when there were none. */
  readonly healing: HealingReport | null;
  readonly durationMs: number;
}
