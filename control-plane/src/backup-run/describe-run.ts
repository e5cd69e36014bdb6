import type { BackupRun } from "@mycloud/protocol/backup-run";
import { formatDuration } from "../notification/mail/format-time.ts";
import { sizeInWords } from "./size-in-words.ts";

/** What the service `backup-run` says of a run that has ended. */
export interface RunResult {
  readonly returnCode: 0 | 1 | 2;
  readonly output: string;
}

/** A run as a plugin would print it: CRITICAL when it failed, WARNING when files could not be read. Null for one that tells nothing: it goes on, or was cancelled. Pure. */
export function describeRun(run: BackupRun): RunResult | null {
  const { phase, unreadableCount, figures, message } = run;
  const tail = ` | ${perfdataOf(run)}`;
  if (phase === "failed") {
    const words = (message ?? "the agent did not say why").replace(/[|\n]/g, " ");
    return { returnCode: 2, output: `BACKUP RUN CRITICAL - failed: ${words}${tail}` };
  }
  if (phase !== "done") return null;
  const { filesNew = 0, filesChanged = 0, filesUnmodified = 0, dataAddedPackedBytes = 0 } = figures;
  const counts = `${filesNew} files new, ${filesChanged} changed, ${filesUnmodified} unmodified`;
  const words = `${counts}; ${sizeInWords(dataAddedPackedBytes)} added in ${formatDuration((run.durationSeconds ?? 0) * 1000)}`;
  if (unreadableCount === 0) return { returnCode: 0, output: `BACKUP RUN OK - ${words}${tail}` };
  const unread = unreadableCount === 1 ? "1 file could not be read" : `${unreadableCount} files could not be read`;
  return { returnCode: 1, output: `BACKUP RUN WARNING - ${unread}; ${words}${tail}` };
}

function perfdataOf({ figures, unreadableCount, durationSeconds }: BackupRun): string {
  const values = [
    ["duration", durationSeconds, "s;;;0"],
    ["files_new", figures.filesNew, ";;;0"],
    ["files_changed", figures.filesChanged, ";;;0"],
    ["files_unmodified", figures.filesUnmodified, ";;;0"],
    ["size", figures.totalBytes, "B;;;0"],
    ["added", figures.dataAddedPackedBytes, "B;;;0"],
    ["unreadable", unreadableCount, ";0;;0"],
  ] as const;
  return values.flatMap(([label, value, rest]) => (value == null ? [] : `${label}=${value}${rest}`)).join(" ");
}
