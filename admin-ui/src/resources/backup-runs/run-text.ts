import type { BackupRun } from "@mycloud/protocol/backup-run";

/** Bytes for people: `1.4 GiB`. Pure. */
export function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = bytes;
  let at = 0;
  for (; value >= 1024 && at < units.length - 1; at++) value /= 1024;
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

/** What a run did, or how far it is, in one line. Pure. */
export function runText(run: Pick<BackupRun, "phase" | "progress" | "figures" | "message">): string {
  const { progress, figures, message, phase } = run;
  if (progress !== null) {
    if (progress.phase === "waiting") return progress.message ?? "waiting";
    const of = progress.isTotalKnown ? ` of ${sizeText(progress.bytesTotal)}` : "";
    const rate = progress.bytesPerSecond === null ? "" : `, ${sizeText(progress.bytesPerSecond)}/s`;
    const left = progress.remainingSeconds === null ? "" : `, ${remainingText(progress.remainingSeconds)} left`;
    return `${sizeText(progress.bytesDone)}${of}${rate}${left}`;
  }
  if (phase !== "done") return message ?? "";
  const { filesNew = 0, filesChanged = 0, dataAddedPackedBytes = 0 } = figures;
  return `${filesNew} new, ${filesChanged} changed, ${sizeText(dataAddedPackedBytes)} added`;
}

function remainingText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** How much of a run is done, 0 to 100; null while that is not known. Pure. */
export function percentOf({ progress }: Pick<BackupRun, "progress">): number | null {
  if (progress === null || !progress.isTotalKnown || progress.bytesTotal === 0) return null;
  return Math.min(100, Math.round((progress.bytesDone / progress.bytesTotal) * 100));
}

/** The look of a run's phase. Pure. */
export function phaseTone({ phase, unreadableCount }: Pick<BackupRun, "phase" | "unreadableCount">): string {
  if (phase === "failed") return "tone-critical";
  if (phase === "done") return unreadableCount > 0 ? "tone-warning" : "tone-ok";
  return "quiet";
}
