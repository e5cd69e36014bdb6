import { BackupDrill } from "@mycloud/protocol/backup-drill";
import { DamagedObject } from "@mycloud/protocol/backup-maintenance";
import { BackupKeyMode } from "@mycloud/protocol/backup-policy";
import { type BackupRepository, BackupRepositoryFilter } from "@mycloud/protocol/backup-repository";
import { BackupRunPhase } from "@mycloud/protocol/backup-run";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { StorageServerInput } from "@mycloud/protocol/storage-server";
import { type Selectable, sql } from "kysely";
import { z } from "zod";
import { judgeFreshness } from "../backup-run/judge-freshness.ts";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { BackupRepositoryTable } from "../database/schema.ts";
import { NotFoundError } from "../error/index.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import { idList } from "../monitored/index.ts";
import { everything, type Scope } from "../scope/index.ts";

type RepositoryRow = Selectable<BackupRepositoryTable> & {
  readonly run_phase: string | null;
  readonly run_finished_at_ms: number | null;
};

const Damaged = z.array(DamagedObject);

function repositoriesIn(executor: Executor, scope: Scope) {
  const rows = executor
    .selectFrom("backup_repository")
    .leftJoin("backup_run", "backup_run.id", "backup_repository.last_run_id");
  return scope.kind === "all" ? rows : rows.where("backup_repository.customer", "=", scope.customer);
}

/** One page of the repositories within scope. */
export async function listRepositories(
  executor: Executor,
  scope: Scope,
  query: ListQuery,
  nowMs: number,
): Promise<ListAnswer<BackupRepository>> {
  return await readList({
    query,
    filterSchema: BackupRepositoryFilter,
    from: repositoriesIn(executor, scope),
    select: (rows) =>
      rows
        .selectAll("backup_repository")
        .select(["backup_run.phase as run_phase", "backup_run.finished_at_ms as run_finished_at_ms"]),
    sortable: {
      id: "backup_repository.id",
      hostName: "host_name",
      policyName: "policy_name",
      storageName: "storage_name",
      path: "path",
      lastSnapshotAtMs: "last_snapshot_at_ms",
      createdAtMs: "created_at_ms",
    },
    defaultSort: "hostName",
    idColumn: "backup_repository.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "backup_repository.id", id),
      q: (eb, words) => hasWords(eb, ["host_name", "policy_name", "path"], words),
      hostId: (eb, hostId) => eb("backup_repository.host_id", "=", hostId),
      hostName: (eb, name) => eb("host_name", "=", name),
      policyName: (eb, name) => eb("policy_name", "=", name),
      storageName: (eb, name) => eb("storage_name", "=", name),
      keyMode: (eb, keyMode) => eb("key_mode", "=", keyMode),
      isAssigned: (eb, isAssigned) => eb("assigned_at_ms", isAssigned ? "is not" : "is", null),
    },
    toItem: (row: RepositoryRow) => toRepository(row, nowMs),
  });
}

/** Throws NotFoundError when there is none within scope. */
export async function findRepository(
  executor: Executor,
  scope: Scope,
  id: number,
  nowMs: number,
): Promise<BackupRepository> {
  const row = await repositoriesIn(executor, scope)
    .selectAll("backup_repository")
    .select(["backup_run.phase as run_phase", "backup_run.finished_at_ms as run_finished_at_ms"])
    .where("backup_repository.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError(`there is no backup repository ${id}`);
  return toRepository(row, nowMs);
}

/** All repositories of these hosts, those in use first. */
export async function findRepositoriesOfHosts(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  nowMs: number,
): Promise<BackupRepository[]> {
  const rows = await repositoriesIn(executor, everything)
    .selectAll("backup_repository")
    .select(["backup_run.phase as run_phase", "backup_run.finished_at_ms as run_finished_at_ms"])
    .where(sql<boolean>`backup_repository.host_id in ${idList(dialect, hostIds)}`)
    .orderBy((eb) => eb.case().when("assigned_at_ms", "is", null).then(1).else(0).end())
    .orderBy("policy_name")
    .orderBy("backup_repository.id")
    .execute();
  return rows.map((row) => toRepository(row, nowMs));
}

/** A storage server by name; undefined when it is no more. */
export async function findStorageServer(executor: Executor, name: string): Promise<StorageServerInput | undefined> {
  const row = await executor
    .selectFrom("definition")
    .select("spec_json")
    .where("kind", "=", "StorageServer")
    .where("name", "=", name)
    .executeTakeFirst();
  return row === undefined ? undefined : StorageServerInput.parse({ ...JSON.parse(row.spec_json), name });
}

function toRepository(row: RepositoryRow, nowMs: number): BackupRepository {
  const facts = {
    lastSnapshotAtMs: row.last_snapshot_at_ms,
    assignedAtMs: row.assigned_at_ms,
    rpoSeconds: row.rpo_seconds,
  };
  return {
    id: row.id,
    hostId: row.host_id,
    hostName: row.host_name,
    customer: row.customer,
    policyId: row.policy_id,
    policyName: row.policy_name,
    isAssigned: row.assigned_at_ms !== null,
    storageName: row.storage_name,
    path: row.path,
    keyMode: BackupKeyMode.parse(row.key_mode),
    assignedAtMs: row.assigned_at_ms,
    lastSnapshotAtMs: row.last_snapshot_at_ms,
    lastSnapshotId: row.last_snapshot_id,
    lastRunId: row.last_run_id,
    lastRunPhase: row.run_phase === null ? null : BackupRunPhase.parse(row.run_phase),
    lastRunFinishedAtMs: row.run_finished_at_ms,
    rpoSeconds: row.rpo_seconds,
    rtoSeconds: row.rto_seconds,
    freshness: judgeFreshness(facts, nowMs).state,
    frozenAtMs: row.frozen_at_ms,
    frozenReason: row.frozen_reason,
    withinRpoShare: row.rpo_seconds === null ? null : row.within_rpo_share,
    burnRate: row.rpo_seconds === null ? null : row.burn_rate,
    usedBytes: row.used_bytes,
    quotaBytes: row.quota_bytes,
    scrubbedAtMs: row.scrubbed_at_ms,
    damaged: Damaged.parse(JSON.parse(row.damaged_json ?? "[]")),
    drill: row.drill_json === null ? null : BackupDrill.parse(JSON.parse(row.drill_json)),
    isPaused: row.is_paused === 1,
    createdAtMs: row.created_at_ms,
  };
}
