import type { Progress } from "@mycloud/backup/progress";
import { formatDuration, printable } from "../../command-line/index.ts";
import { counted, formatCount, formatSize } from "./size-text.ts";

/** What is shown of an operation under way. Times in milliseconds. */
export interface ProgressFigures {
  /** Bytes a second; null until there is something to tell. */
  readonly bytesPerSecond: number | null;
  readonly remainingMs: number | null;
  /** From 0 to 1; null while the total is not known. */
  readonly fraction: number | null;
}

/** Derives rate and remaining time. `recent` is progress some seconds ago, so that the rate follows what happens now. Pure. */
export function progressFigures(
  progress: Progress,
  recent: { readonly bytesDone: number; readonly atMs: number },
  nowMs: number,
): ProgressFigures {
  const { bytesDone, bytesTotal, filesDone, filesTotal, isTotalKnown } = progress;
  const passedMs = nowMs - recent.atMs;
  const bytesPerSecond = passedMs < 500 ? null : ((bytesDone - recent.bytesDone) / passedMs) * 1000;
  const fraction = !isTotalKnown
    ? null
    : bytesTotal > 0
      ? Math.min(1, bytesDone / bytesTotal)
      : filesTotal > 0
        ? Math.min(1, filesDone / filesTotal)
        : null;
  const remainingMs =
    fraction === null || bytesPerSecond === null || bytesPerSecond <= 0
      ? null
      : ((bytesTotal - bytesDone) / bytesPerSecond) * 1000;
  return { bytesPerSecond, remainingMs, fraction };
}

/** One line about it, at most `width` wide: `reading   42.0%  1,204 of 3,000 files, 1.2 of 2.9 GiB  118 MiB/s  14s left  /srv/a.img`. Pure. */
export function formatProgressLine(
  progress: Progress,
  figures: ProgressFigures,
  elapsedMs: number,
  width: number,
): string {
  const { phase, filesDone, filesTotal, bytesDone, bytesTotal, isTotalKnown, errors } = progress;
  const parts: string[] = [];
  if (figures.fraction !== null) parts.push(`${(figures.fraction * 100).toFixed(1).padStart(5)}%`);
  const counts: string[] = [];
  if (filesDone > 0 || filesTotal > 0) {
    counts.push(
      isTotalKnown ? `${formatCount(filesDone)} of ${counted(filesTotal, "file")}` : counted(filesDone, "file"),
    );
  }
  if (bytesDone > 0 || bytesTotal > 0) {
    counts.push(isTotalKnown ? `${formatSize(bytesDone)} of ${formatSize(bytesTotal)}` : formatSize(bytesDone));
  }
  if (counts.length > 0) parts.push(counts.join(", "));
  if (figures.bytesPerSecond !== null && bytesDone > 0) parts.push(`${formatSize(figures.bytesPerSecond)}/s`);
  parts.push(figures.remainingMs === null ? formatDuration(elapsedMs) : `${formatDuration(figures.remainingMs)} left`);
  if (errors > 0) parts.push(counted(errors, "error"));
  const [current] = progress.current;
  if (current !== undefined) parts.push(printable(current));
  return cut(`${phase}  ${parts.join("  ")}`, width);
}

/** The status message of `--json`, in restic's field names. Pure. */
export function statusMessage(
  progress: Progress,
  figures: ProgressFigures,
  elapsedMs: number,
): Readonly<Record<string, unknown>> {
  return {
    message_type: "status",
    phase: progress.phase,
    seconds_elapsed: Math.floor(elapsedMs / 1000),
    ...(figures.remainingMs === null ? {} : { seconds_remaining: Math.round(figures.remainingMs / 1000) }),
    percent_done: figures.fraction ?? 0,
    total_files: progress.filesTotal,
    files_done: progress.filesDone,
    total_bytes: progress.bytesTotal,
    bytes_done: progress.bytesDone,
    ...(figures.bytesPerSecond === null ? {} : { bytes_per_second: Math.round(figures.bytesPerSecond) }),
    error_count: progress.errors,
    current_files: progress.current,
  };
}

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}
