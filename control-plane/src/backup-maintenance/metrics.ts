import type { MaintenanceKind } from "@mycloud/protocol/backup-maintenance";
import { Counter, type Registry } from "prom-client";

/** Counts maintenance of repositories; in this process. */
export function createMaintenanceMetrics(registry: Registry) {
  const runs = new Counter({
    name: "mycloud_backup_maintenance_runs_total",
    help: "Maintenance of backup repositories by this process, by kind (retention, hold, release, examine) and result: done, failed",
    labelNames: ["kind", "result"],
    registers: [registry],
  });
  return { observe: (kind: MaintenanceKind, result: "done" | "failed") => runs.inc({ kind, result }) };
}
export type MaintenanceMetrics = ReturnType<typeof createMaintenanceMetrics>;
