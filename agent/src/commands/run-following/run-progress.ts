import type { Progress } from "@mycloud/backup/progress";
import type { BackupRun } from "@mycloud/protocol/backup-run";
import type { RestoreRun } from "@mycloud/protocol/restore-run";
import type { ProgressFigures } from "../repo/progress-line.ts";

/** How far a run is, as a progress line is made of it. */
export interface RunProgress {
  readonly progress: Progress;
  readonly figures: ProgressFigures;
  readonly startedAtMs: number;
  /** Why it does not go on, or null. */
  readonly waitsFor: string | null;
}

/** Of a backup run. Pure. */
export function progressOfBackup({ phase, startedAtMs, progress }: BackupRun): RunProgress {
  const { filesDone = 0, filesTotal = 0, bytesDone = 0, bytesTotal = 0, isTotalKnown = false } = progress ?? {};
  const counts = { filesDone, filesTotal, bytesDone, bytesTotal };
  const told = progress?.phase ?? phase;
  return {
    progress: {
      phase: told,
      ...counts,
      isTotalKnown,
      errors: progress?.errorCount ?? 0,
      current: progress?.currentPaths ?? [],
    },
    figures: figuresOf(counts, isTotalKnown, progress?.bytesPerSecond ?? null, progress?.remainingSeconds ?? null),
    startedAtMs,
    waitsFor: told === "waiting" ? (progress?.message ?? null) : null,
  };
}

/** An agent that is there takes a run at once. */
const takenWithinMs = 8000;

/** Of a checkout, rollback or restore. Pure. */
export function progressOfRestore(run: RestoreRun, nowMs: number): RunProgress {
  const { phase, filesDone, filesTotal, bytesDone, bytesTotal, currentPath, errorCount } = run;
  const counts = { filesDone, filesTotal, bytesDone, bytesTotal };
  const isTotalKnown = filesTotal > 0 || bytesTotal > 0;
  return {
    progress: {
      phase,
      ...counts,
      isTotalKnown,
      errors: errorCount,
      current: currentPath === null ? [] : [currentPath],
    },
    figures: figuresOf(counts, isTotalKnown, run.bytesPerSecond, run.remainingSeconds),
    startedAtMs: run.startedAtMs ?? run.createdAtMs,
    waitsFor: phase === "waiting" ? (run.message ?? whoIsWaitedFor(run, nowMs)) : null,
  };
}

function whoIsWaitedFor({ hostName, startedAtMs, createdAtMs }: RestoreRun, nowMs: number): string | null {
  if (startedAtMs !== null || nowMs - createdAtMs < takenWithinMs) return null;
  return `${hostName} has not answered yet; is it on? It is given up after five minutes`;
}

interface Counts {
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

function figuresOf(
  { filesDone, filesTotal, bytesDone, bytesTotal }: Counts,
  isTotalKnown: boolean,
  bytesPerSecond: number | null,
  remainingSeconds: number | null,
): ProgressFigures {
  const [done, total] = bytesTotal > 0 ? [bytesDone, bytesTotal] : [filesDone, filesTotal];
  return {
    bytesPerSecond,
    remainingMs: remainingSeconds === null ? null : remainingSeconds * 1000,
    fraction: isTotalKnown && total > 0 ? Math.min(1, done / total) : null,
  };
}
