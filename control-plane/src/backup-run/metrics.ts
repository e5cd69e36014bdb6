import type { BackupRunOutcome } from "@mycloud/protocol/backup-run";
import { Counter, type Registry } from "prom-client";

/** Counts what runs came to. */
export interface RunMetrics {
  /** A run has ended; once for each. */
  observe(outcome: Pick<BackupRunOutcome, "phase" | "figures" | "unreadableCount" | "drill">): void;
}

/** Counters of runs, in this process. */
export function createRunMetrics(registry: Registry): RunMetrics {
  const registers = [registry];
  const runs = new Counter({
    name: "mycloud_backup_runs_total",
    help: "Backup runs that ended, by result: done, incomplete (files could not be read), failed, cancelled",
    labelNames: ["result"],
    registers,
  });
  const bytes = new Counter({
    name: "mycloud_backup_added_bytes_total",
    help: "Bytes that backup runs stored: after deduplication and compression",
    registers,
  });
  const drills = new Counter({
    name: "mycloud_backup_drills_total",
    help: "Trial restores, by result: whole, faulty (a file did not come back as it was)",
    labelNames: ["result"],
    registers,
  });
  return {
    observe({ phase, figures, unreadableCount, drill }) {
      runs.inc({ result: phase === "done" && unreadableCount > 0 ? "incomplete" : phase });
      bytes.inc(figures.dataAddedPackedBytes ?? 0);
      if (drill !== null) drills.inc({ result: drill.faultCount === 0 ? "whole" : "faulty" });
    },
  };
}
