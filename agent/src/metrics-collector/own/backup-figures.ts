import type { Collector } from "../collector.ts";
import { Families } from "../families.ts";

/** A backup job of this host; instants are milliseconds since 1970. */
export interface BackupFigures {
  readonly policyName: string;
  readonly repositoryId: number;
  readonly isRunning: boolean;
  readonly isPaused: boolean;
  readonly lastRun: LastRun | null;
}

/** How a job's run ended. */
export interface LastRun {
  readonly phase: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly totalBytes: number;
  readonly addedBytes: number;
  readonly unreadableCount: number;
  /** When one of the job's runs last was a success. */
  readonly succeededAtMs: number | null;
}

/** The backups of this host. */
export function createBackupCollector(jobs: () => readonly BackupFigures[], now: () => number): Collector {
  function collect() {
    const families = new Families();
    for (const { policyName, repositoryId, isRunning, isPaused, lastRun } of jobs()) {
      const labels = { policy: policyName, repository: String(repositoryId) };
      const gauge = (name: string, help: string, value: number) =>
        families.gauge(`mycloud_backup_${name}`, help, value, labels);
      gauge("running", "Whether a run is under way.", isRunning ? 1 : 0);
      gauge("paused", "Whether it is paused on this host.", isPaused ? 1 : 0);
      if (lastRun === null) continue;
      gauge(
        "last_run_timestamp_seconds",
        "When the last run ended, in seconds since 1970.",
        lastRun.finishedAtMs / 1000,
      );
      const duration = (lastRun.finishedAtMs - lastRun.startedAtMs) / 1000;
      gauge("last_run_duration_seconds", "How long it took.", Math.max(0, duration));
      gauge("last_run_success", "Whether it was a success.", lastRun.phase === "done" ? 1 : 0);
      gauge("last_run_size_bytes", "Bytes of the files it saw.", lastRun.totalBytes);
      gauge("last_run_added_bytes", "Bytes it stored, after deduplication and compression.", lastRun.addedBytes);
      gauge("last_run_unreadable_files", "Files it could not read.", lastRun.unreadableCount);
      if (lastRun.succeededAtMs === null) continue;
      const success = "When a run last was a success, in seconds since 1970.";
      gauge("last_success_timestamp_seconds", success, lastRun.succeededAtMs / 1000);
      gauge("age_seconds", "How long ago that was.", Math.max(0, now() - lastRun.succeededAtMs) / 1000);
    }
    return families.list();
  }
  return { name: "mycloud_backup", isDefault: true, collect };
}
