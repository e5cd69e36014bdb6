import {
  type BackupMaintenanceRun,
  BackupMaintenanceRunFilter,
  MaintenanceFigures,
  MaintenanceKind,
  MaintenancePhase,
} from "@mycloud/protocol/backup-maintenance";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import type { Executor } from "../database/dialect/dialect.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";

function runsIn(executor: Executor, scope: Scope) {
  const rows = executor
    .selectFrom("backup_maintenance_run")
    .innerJoin("backup_repository", "backup_repository.id", "backup_maintenance_run.repository_id");
  return scope.kind === "all" ? rows : rows.where("backup_repository.customer", "=", scope.customer);
}

/** One page of what was done to repositories within scope, newest first. */
export async function listMaintenanceRuns(
  executor: Executor,
  scope: Scope,
  query: ListQuery,
): Promise<ListAnswer<BackupMaintenanceRun>> {
  return await readList({
    query,
    filterSchema: BackupMaintenanceRunFilter,
    from: runsIn(executor, scope),
    select: (rows) => rows.selectAll("backup_maintenance_run").select(["host_name", "policy_name"]),
    sortable: {
      id: "backup_maintenance_run.id",
      startedAtMs: "backup_maintenance_run.started_at_ms",
      hostName: "host_name",
      policyName: "policy_name",
      kind: "backup_maintenance_run.kind",
      phase: "backup_maintenance_run.phase",
    },
    defaultSort: "id",
    defaultOrder: "DESC",
    idColumn: "backup_maintenance_run.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "backup_maintenance_run.id", id),
      q: (eb, words) => hasWords(eb, ["host_name", "policy_name", "backup_maintenance_run.message"], words),
      repositoryId: (eb, id) => eb("backup_maintenance_run.repository_id", "=", id),
      hostName: (eb, name) => eb("host_name", "=", name),
      policyName: (eb, name) => eb("policy_name", "=", name),
      kind: (eb, kind) => eb("backup_maintenance_run.kind", "=", kind),
      phase: (eb, phase) => eb("backup_maintenance_run.phase", "=", phase),
    },
    toItem: (row): BackupMaintenanceRun => ({
      id: row.id,
      repositoryId: row.repository_id,
      hostName: row.host_name,
      policyName: row.policy_name,
      kind: MaintenanceKind.parse(row.kind),
      phase: MaintenancePhase.parse(row.phase),
      startedAtMs: row.started_at_ms,
      finishedAtMs: row.finished_at_ms,
      figures: MaintenanceFigures.parse(JSON.parse(row.figures_json)),
      message: row.message,
    }),
  });
}
