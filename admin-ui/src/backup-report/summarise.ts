import type { BackupRepository } from "@mycloud/protocol/backup-repository";

/** What somebody who answers for backups wants to know first. */
export interface Summary {
  readonly total: number;
  /** How many with an objective, and how many of those are within it now. */
  readonly withRpo: number;
  readonly fresh: number;
  /** Tried within the last 90 days, and all of it right. */
  readonly drilled: number;
  readonly damaged: number;
  readonly never: number;
  readonly usedBytes: number;
}

const drillCountsMs = 90 * 86_400_000;

/** Sums up what is in use. Pure. */
export function summarise(repositories: readonly BackupRepository[], nowMs: number): Summary {
  const count = (is: (repository: BackupRepository) => boolean) => repositories.filter(is).length;
  return {
    total: repositories.length,
    withRpo: count(({ rpoSeconds }) => rpoSeconds !== null),
    fresh: count(({ rpoSeconds, freshness }) => rpoSeconds !== null && freshness !== "CRITICAL"),
    drilled: count(
      ({ drill }) => drill !== null && drill.faultCount === 0 && nowMs - drill.finishedAtMs < drillCountsMs,
    ),
    damaged: count(({ damaged }) => damaged.length > 0),
    never: count(({ lastSnapshotAtMs }) => lastSnapshotAtMs === null),
    usedBytes: repositories.reduce((sum, { usedBytes }) => sum + (usedBytes ?? 0), 0),
  };
}
