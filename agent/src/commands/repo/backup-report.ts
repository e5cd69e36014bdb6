import type { BackupSummary } from "@mycloud/backup/archiver";
import { formatDuration } from "../../command-line/index.ts";
import { counted, formatCount, formatSize } from "./size-text.ts";
import { shortId } from "./snapshot-table.ts";

/** What a backup did, for people. Pure. */
export function describeBackup(summary: BackupSummary, isDryRun: boolean): string {
  const { figures, durationMs, snapshotId, parentId, healing } = summary;
  const seconds = durationMs / 1000;
  const took = seconds < 10 ? `${seconds.toFixed(1)}s` : formatDuration(durationMs);
  const counts = (what: string, added: number, changed: number, unmodified: number) =>
    `${what.padEnd(13)}${formatCount(added)} new, ${formatCount(changed)} changed, ${formatCount(unmodified)} unmodified`;
  const lines = [
    counts("files", figures.files_new, figures.files_changed, figures.files_unmodified),
    counts("directories", figures.dirs_new, figures.dirs_changed, figures.dirs_unmodified),
    `${"added".padEnd(13)}${formatSize(figures.data_added)}, ${formatSize(figures.data_added_packed)} as stored`,
    `${"processed".padEnd(13)}${counted(figures.total_files_processed, "file")}, ${formatSize(figures.total_bytes_processed)} in ${took}`,
  ];
  if (summary.excludedItems > 0)
    lines.push(`${"left out".padEnd(13)}${counted(summary.excludedItems, "excluded entry", "excluded entries")}`);
  if (summary.sockets > 0)
    lines.push(`${"sockets".padEnd(13)}${formatCount(summary.sockets)}, recorded; nothing can restore them`);
  if (healing !== null) {
    const lost =
      healing.lostBlobs.length === 0 ? "" : `, ${counted(healing.lostBlobs.length, "blob")} not found any more`;
    lines.push(
      `${"healed".padEnd(13)}${counted(healing.healedBlobs, "blob")} of ${counted(healing.wantedPacks.length, "damaged pack")}${lost}`,
    );
  }
  const against = parentId === null ? "" : `, compared with ${shortId(parentId)}`;
  if (snapshotId !== null) lines.push(`snapshot ${shortId(snapshotId)} saved${against}`);
  else if (isDryRun) lines.push(`nothing was written (dry run)${against}`);
  else lines.push(`no snapshot: nothing changed since ${parentId === null ? "the last one" : shortId(parentId)}`);
  return `${lines.join("\n")}\n`;
}

/** The summary message of `--json`: restic's fields, ours after them. Pure. */
export function summaryMessage(summary: BackupSummary, isDryRun: boolean): Readonly<Record<string, unknown>> {
  const { figures, snapshotId, parentId, healing } = summary;
  const { errors: _errors, error_items: _items, ...counts } = figures;
  return {
    message_type: "summary",
    ...(isDryRun ? { dry_run: true } : {}),
    ...counts,
    total_duration: summary.durationMs / 1000,
    ...(snapshotId === null ? {} : { snapshot_id: snapshotId }),
    ...(parentId === null ? {} : { parent_id: parentId }),
    tree_id: summary.treeId,
    excluded_items: summary.excludedItems,
    sockets: summary.sockets,
    errors: summary.errorCount,
    is_incomplete: summary.isIncomplete,
    ...(healing === null
      ? {}
      : {
          healing: {
            wanted_packs: healing.wantedPacks,
            healed_blobs: healing.healedBlobs,
            lost_blobs: healing.lostBlobs,
            removed_packs: healing.removedPacks,
          },
        }),
  };
}
