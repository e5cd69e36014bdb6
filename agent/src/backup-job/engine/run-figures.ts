import type { SnapshotSummary } from "@mycloud/backup/snapshot";
import type { RunFigures } from "@mycloud/protocol/backup-run";

/** A snapshot's figures by the names that runs have for them. Pure. */
export function figuresOf(summary: SnapshotSummary): RunFigures {
  return {
    filesNew: summary.files_new,
    filesChanged: summary.files_changed,
    filesUnmodified: summary.files_unmodified,
    dirsNew: summary.dirs_new,
    dirsChanged: summary.dirs_changed,
    dirsUnmodified: summary.dirs_unmodified,
    dataBlobs: summary.data_blobs,
    treeBlobs: summary.tree_blobs,
    dataAddedBytes: summary.data_added,
    dataAddedPackedBytes: summary.data_added_packed,
    totalFiles: summary.total_files_processed,
    totalBytes: summary.total_bytes_processed,
  };
}

/** Figures of several snapshots, added up. Pure. */
export function addFigures(first: RunFigures, second: RunFigures): RunFigures {
  const sum: Record<string, number> = { ...first };
  for (const [name, value] of Object.entries(second)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
