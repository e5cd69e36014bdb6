import {
  type BackupRun,
  type BackupRunDetail,
  BackupRunFilter,
  BackupRunPhase,
  BackupTrigger,
  isEndPhase,
  RunFigures,
  RunSnapshot,
  ShownProgress,
} from "@mycloud/protocol/backup-run";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { type Selectable, sql } from "kysely";
import { z } from "zod";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { BackupRunTable } from "../database/schema.ts";
import { NotFoundError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import { idList } from "../monitored/index.ts";
import { everything, type Scope } from "../scope/index.ts";
import type { LiveProgress } from "./live-progress.ts";

type RunRow = Selectable<BackupRunTable> & { readonly host_name: string; readonly policy_name: string };

const endPhases = BackupRunPhase.options.filter(isEndPhase);
const Snapshots = z.array(RunSnapshot);

function runsIn(executor: Executor, scope: Scope) {
  const rows = executor
    .selectFrom("backup_run")
    .innerJoin("backup_repository", "backup_repository.id", "backup_run.repository_id");
  return scope.kind === "all" ? rows : rows.where("backup_repository.customer", "=", scope.customer);
}

/** One page of the runs within scope, newest first. */
export async function listRuns(
  executor: Executor,
  scope: Scope,
  query: ListQuery,
  live: LiveProgress,
): Promise<ListAnswer<BackupRun>> {
  return await readList({
    query,
    filterSchema: BackupRunFilter,
    from: runsIn(executor, scope),
    select: (rows) => rows.selectAll("backup_run").select(["host_name", "policy_name"]),
    sortable: {
      id: "backup_run.id",
      startedAtMs: "backup_run.started_at_ms",
      finishedAtMs: "backup_run.finished_at_ms",
      hostName: "host_name",
      policyName: "policy_name",
      phase: "backup_run.phase",
      unreadableCount: "backup_run.unreadable_count",
    },
    defaultSort: "startedAtMs",
    defaultOrder: "DESC",
    idColumn: "backup_run.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "backup_run.id", id),
      q: (eb, words) => hasWords(eb, ["host_name", "policy_name", "backup_run.message"], words),
      repositoryId: (eb, id) => eb("backup_run.repository_id", "=", id),
      hostId: (eb, hostId) => eb("backup_run.host_id", "=", hostId),
      hostName: (eb, name) => eb("host_name", "=", name),
      policyName: (eb, name) => eb("policy_name", "=", name),
      phase: (eb, phase) => isOneOf(eb, "backup_run.phase", phase),
      trigger: (eb, trigger) => eb("backup_run.begun_by", "=", trigger),
      isUnderWay: (eb, isUnderWay) => eb("backup_run.phase", isUnderWay ? "not in" : "in", endPhases),
    },
    toItem: (row: RunRow) => toRun(row, live),
  });
}

/** A run with the entries it could not read. Throws NotFoundError when there is none within scope. */
export async function findRun(
  executor: Executor,
  scope: Scope,
  id: number,
  live: LiveProgress,
): Promise<BackupRunDetail> {
  const row = await runsIn(executor, scope)
    .selectAll("backup_run")
    .select(["host_name", "policy_name"])
    .where("backup_run.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError(`there is no backup run ${id}`);
  const errors = await executor
    .selectFrom("backup_run_error")
    .select(["item", "during", "message"])
    .where("run_id", "=", id)
    .orderBy("position")
    .execute();
  return { ...toRun(row, live), errors };
}

/** Runs under way on these hosts, of which each has one at most, oldest first. */
export async function findRunsUnderWay(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  live: LiveProgress,
): Promise<BackupRun[]> {
  const rows = await runsIn(executor, everything)
    .selectAll("backup_run")
    .select(["host_name", "policy_name"])
    .where(sql<boolean>`backup_run.host_id in ${idList(dialect, hostIds)}`)
    .where("backup_run.phase", "not in", endPhases)
    .orderBy("backup_run.id")
    .execute();
  return rows.map((row) => toRun(row, live));
}

/** A row as people see it. Pure. */
export function toRun(row: RunRow, live: Pick<LiveProgress, "find">): BackupRun {
  const phase = BackupRunPhase.parse(row.phase);
  const figures = RunFigures.parse(JSON.parse(row.figures_json));
  const stored = row.progress_json === null ? null : ShownProgress.parse(JSON.parse(row.progress_json));
  const progress = isEndPhase(phase) ? null : (live.find(row.uuid) ?? stored);
  const { finished_at_ms: finishedAtMs, started_at_ms: startedAtMs } = row;
  return {
    id: row.id,
    runId: row.uuid,
    repositoryId: row.repository_id,
    hostId: row.host_id,
    hostName: row.host_name,
    policyName: row.policy_name,
    trigger: BackupTrigger.parse(row.begun_by),
    phase: progress?.phase ?? phase,
    startedAtMs,
    finishedAtMs,
    durationSeconds: finishedAtMs === null ? null : Math.max(0, finishedAtMs - startedAtMs) / 1000,
    snapshots: Snapshots.parse(JSON.parse(row.snapshots_json)),
    figures,
    ...ratiosOf(figures),
    unreadableCount: row.unreadable_count,
    message: row.message,
    agentVersion: row.agent_version,
    progress,
  };
}

/** What deduplication and compression saved; null where there was nothing to save. Pure. */
export function ratiosOf({ dataAddedBytes, dataAddedPackedBytes, totalBytes }: RunFigures) {
  const added = dataAddedBytes ?? 0;
  const packed = dataAddedPackedBytes ?? 0;
  return {
    deduplicationRatio: totalBytes ? Math.max(0, 1 - added / totalBytes) : null,
    compressionRatio: packed > 0 ? added / packed : null,
  };
}
