import { randomUUID } from "node:crypto";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import {
  type RestoreRequest,
  type RestoreRun,
  RestoreRunFilter,
  restorePhasesUnderWay,
} from "@mycloud/protocol/restore-run";
import type { Executor } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";
import { type ShownRestore, toRestoreRun } from "./stored-restore.ts";

/** The newest progress of runs, by their UUIDs. */
export interface LiveRestores {
  find(runId: string): ShownRestore | undefined;
}

function runsIn(executor: Executor, scope: Scope) {
  const rows = executor
    .selectFrom("restore_run")
    .innerJoin("backup_repository", "backup_repository.id", "restore_run.repository_id");
  return scope.kind === "all" ? rows : rows.where("backup_repository.customer", "=", scope.customer);
}

/** One page of the runs within scope, newest first; plans without their paths. */
export async function listRestoreRuns(
  executor: Executor,
  scope: Scope,
  query: ListQuery,
  live: LiveRestores,
): Promise<ListAnswer<RestoreRun>> {
  return await readList({
    query,
    filterSchema: RestoreRunFilter,
    from: runsIn(executor, scope),
    select: (rows) => rows.selectAll("restore_run").select("host_name"),
    sortable: {
      id: "restore_run.id",
      createdAtMs: "restore_run.created_at_ms",
      startedAtMs: "restore_run.started_at_ms",
      finishedAtMs: "restore_run.finished_at_ms",
      hostName: "host_name",
      phase: "restore_run.phase",
    },
    defaultSort: "createdAtMs",
    defaultOrder: "DESC",
    idColumn: "restore_run.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "restore_run.id", id),
      q: (eb, words) => hasWords(eb, ["host_name", "policy_name", "restore_run.message"], words),
      repositoryId: (eb, id) => eb("restore_run.repository_id", "=", id),
      hostId: (eb, hostId) => eb("restore_run.host_id", "=", hostId),
      phase: (eb, phase) => isOneOf(eb, "restore_run.phase", phase),
      isUnderWay: (eb, isUnderWay) => eb("restore_run.phase", isUnderWay ? "in" : "not in", [...restorePhasesUnderWay]),
    },
    toItem: (row) => toRestoreRun(row, live.find(row.uuid), false),
  });
}

/** A run with its whole plan. Throws NotFoundError when there is none within scope. */
export async function findRestoreRun(
  executor: Executor,
  scope: Scope,
  id: number,
  live: LiveRestores,
): Promise<RestoreRun> {
  const row = await runsIn(executor, scope)
    .selectAll("restore_run")
    .select("host_name")
    .where("restore_run.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError(`there is no restore run ${id}`);
  return toRestoreRun(row, live.find(row.uuid), true);
}

/** Runs of a repository that are not over. */
export async function countUnderWay(executor: Executor, repositoryId: number): Promise<number> {
  const row = await executor
    .selectFrom("restore_run")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("repository_id", "=", repositoryId)
    .where("phase", "in", [...restorePhasesUnderWay])
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Creates a run that waits for its agent; the command that asks for it is linked afterwards. */
export async function insertRestoreRun(
  executor: Executor,
  run: {
    readonly repositoryId: number;
    readonly hostId: number;
    readonly requestedByName: string;
    readonly request: RestoreRequest;
  },
  nowMs: number,
): Promise<{ readonly id: number; readonly runId: string }> {
  const runId = randomUUID();
  const inserted = await executor
    .insertInto("restore_run")
    .values({
      uuid: runId,
      repository_id: run.repositoryId,
      host_id: run.hostId,
      command_id: null,
      requested_by_name: run.requestedByName.slice(0, 255),
      request_json: JSON.stringify(run.request),
      phase: "waiting",
      is_given_up: 0,
      plan_json: null,
      safety_snapshot_id: null,
      figures_json: "{}",
      errors_json: "[]",
      message: null,
      created_at_ms: nowMs,
      started_at_ms: null,
      finished_at_ms: null,
      heard_at_ms: nowMs,
    })
    .executeTakeFirstOrThrow();
  return { id: Number(inserted.insertId), runId };
}
