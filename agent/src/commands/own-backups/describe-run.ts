import type { BackupRun, BackupRunError } from "@mycloud/protocol/backup-run";
import { formatDuration, printable } from "../../command-line/index.ts";
import { counted, formatCount, formatSize } from "../repo/size-text.ts";
import { shortId } from "../repo/snapshot-table.ts";

const errorsShown = 20;

/** A run that is over, in a few lines for its owner. Pure. */
export function describeRun(run: BackupRun & { readonly errors?: readonly BackupRunError[] }): string {
  const { hostName, phase, figures, snapshots, durationSeconds, errors = [] } = run;
  const took = durationSeconds === null ? "" : ` in ${formatDuration(Math.max(1, durationSeconds) * 1000)}`;
  const lines = [`${printable(hostName)}: ${phase}${took}`];
  if (figures.filesNew !== undefined) {
    const { filesNew, filesChanged = 0, filesUnmodified = 0, totalBytes = 0, dataAddedPackedBytes } = figures;
    lines.push(
      `files     ${formatCount(filesNew)} new, ${formatCount(filesChanged)} changed, ${formatCount(filesUnmodified)} unmodified; ${formatSize(totalBytes)} in all`,
    );
    if (dataAddedPackedBytes !== undefined) lines.push(`stored    ${formatSize(dataAddedPackedBytes)}`);
  }
  for (const { id, source } of snapshots) {
    lines.push(`snapshot  ${shortId(id)}${source === "paths" ? "" : `  (${printable(source)})`}`);
  }
  for (const { item, during, message } of errors.slice(0, errorsShown)) {
    lines.push(`! ${printable(item)}: ${during}: ${printable(message)}`);
  }
  const hidden = run.unreadableCount - Math.min(errors.length, errorsShown);
  if (errors.length > 0 && hidden > 0) lines.push(`! and ${counted(hidden, "other")}`);
  return `${lines.join("\n")}\n`;
}
