import { BackupKeyMode, type BackupPolicyInput } from "@mycloud/protocol/backup-policy";
import { Labels } from "@mycloud/protocol/name";
import { PassiveServiceSettings } from "@mycloud/protocol/service";
import { sql } from "kysely";
import { z } from "zod";
import { deleteServices } from "../check/sync-services.ts";
import type { ConnectedDatabase, Dialect, Executor } from "../database/dialect/dialect.ts";
import { loadDefinitions } from "../definition/index.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import { idList } from "../monitored/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { createServices } from "../service/create-services.ts";
import {
  type Assignment,
  type PlannedHost,
  type PlannedPolicy,
  planRepositories,
  type StoredRepository,
} from "./plan-repositories.ts";

export interface SyncedRepositories {
  /** Whether hosts have other services, or agents other jobs, than before. */
  readonly isChanged: boolean;
  /** Policies that have no storage server to go to. */
  readonly homeless: readonly string[];
  /** Services that could not be made, as another has their name: `web1/backup-run home`. */
  readonly conflicts: readonly string[];
}

/** Services made here say so in `managed_by`. */
const managedBy = "backup";

/** Makes repositories and services what the policies say, in one transaction. Call under a lease. */
export async function syncRepositories(
  database: ConnectedDatabase,
  sealer: Sealer,
  nowMs: number,
): Promise<SyncedRepositories> {
  return await database.transaction(async (tx) => {
    const policies = await loadDefinitions(tx, "BackupPolicy", sealer);
    const repositories = await findStored(tx);
    if (policies.length === 0 && repositories.every(({ isAssigned }) => !isAssigned)) {
      return { isChanged: false, homeless: [], conflicts: [] };
    }
    const storages = await loadDefinitions(tx, "StorageServer", sealer);
    const hosts = await findHosts(tx);
    const defaultStorage = storages.find(({ isDefault }) => isDefault)?.name ?? null;
    const plan = planRepositories(policies.map(plannedPolicy), hosts, repositories, defaultStorage);
    for (const { storageName, path, keyMode, ...assignment } of plan.create) {
      await tx
        .insertInto("backup_repository")
        .values({
          ...columnsOf(assignment),
          storage_name: storageName,
          path,
          key_mode: keyMode,
          sealed_password: null,
          assigned_at_ms: nowMs,
          freshness_service_id: null,
          run_service_id: null,
          last_snapshot_at_ms: null,
          last_snapshot_id: null,
          last_run_id: null,
          created_at_ms: nowMs,
        })
        .execute();
    }
    for (const { id, assignment, isNew } of plan.assign) {
      const since = isNew ? { assigned_at_ms: nowMs } : {};
      const columns = { ...columnsOf(assignment), ...since };
      await tx.updateTable("backup_repository").set(columns).where("id", "=", id).execute();
    }
    for (const id of plan.unassign) {
      await tx.updateTable("backup_repository").set({ assigned_at_ms: null }).where("id", "=", id).execute();
    }
    const services = await syncServices(tx, database.dialect, nowMs);
    const isPlanned = plan.create.length + plan.assign.length + plan.unassign.length > 0;
    return { ...services, isChanged: isPlanned || services.isChanged, homeless: plan.homeless };
  });
}

/** Gives each repository in use its services, with the policy's name in theirs, and takes them from the others. */
async function syncServices(tx: Executor, dialect: Dialect, nowMs: number) {
  const rows = await tx
    .selectFrom("backup_repository")
    .leftJoin("service as freshness", "freshness.id", "freshness_service_id")
    .leftJoin("service as run", "run.id", "run_service_id")
    .select(["backup_repository.id", "backup_repository.host_id", "policy_name", "rpo_seconds", "assigned_at_ms"])
    .select(["freshness.id as freshness_id", "freshness.name as freshness_name"])
    .select(["run.id as run_id", "run.name as run_name"])
    .execute();
  const surplus: number[] = [];
  const conflicts: string[] = [];
  let isChanged = false;
  for (const row of rows) {
    const isUsed = row.assigned_at_ms !== null && row.host_id !== null;
    for (const { column, name, present, isWanted } of [
      {
        column: "freshness_service_id" as const,
        name: `backup-freshness ${row.policy_name}`,
        present: { id: row.freshness_id, name: row.freshness_name },
        isWanted: isUsed && row.rpo_seconds !== null,
      },
      {
        column: "run_service_id" as const,
        name: `backup-run ${row.policy_name}`,
        present: { id: row.run_id, name: row.run_name },
        isWanted: isUsed,
      },
    ]) {
      if (!isWanted || row.host_id === null) {
        if (present.id !== null) surplus.push(present.id);
        continue;
      }
      if (present.name === name) continue;
      if (await isNameTaken(tx, row.host_id, name)) {
        conflicts.push(name);
        continue;
      }
      isChanged = true;
      if (present.id !== null) {
        await tx.updateTable("service").set({ name, updated_at_ms: nowMs }).where("id", "=", present.id).execute();
        continue;
      }
      const serviceId = await createService(tx, dialect, row.host_id, name, nowMs);
      await tx
        .updateTable("backup_repository")
        .set({ [column]: serviceId })
        .where("id", "=", row.id)
        .execute();
    }
  }
  await deleteServices(tx, dialect, surplus);
  // Those of repositories that were deleted.
  const lost = await tx
    .selectFrom("service")
    .select("id")
    .where("managed_by", "=", managedBy)
    .where(
      sql<boolean>`id not in (select freshness_service_id from backup_repository where freshness_service_id is not null)`,
    )
    .where(sql<boolean>`id not in (select run_service_id from backup_repository where run_service_id is not null)`)
    .execute();
  await deleteServices(
    tx,
    dialect,
    lost.map(({ id }) => id),
  );
  return { isChanged: isChanged || surplus.length + lost.length > 0, conflicts };
}

async function createService(tx: Executor, dialect: Dialect, hostId: number, name: string, nowMs: number) {
  const service = {
    hostId,
    name,
    checkId: null,
    // What is told here was weighed already: it counts at once.
    maxCheckAttempts: 1,
    freshnessSeconds: null,
    notes: "",
    settings: PassiveServiceSettings.parse({ isPassiveCheckEnabled: false }),
    overdueAtMs: null,
  };
  const ids = await createServices(tx, dialect, [service], nowMs);
  await tx
    .updateTable("service")
    .set({ managed_by: managedBy })
    .where(sql<boolean>`id in ${idList(dialect, ids)}`)
    .execute();
  return ids[0] ?? null;
}

async function isNameTaken(tx: Executor, hostId: number, name: string): Promise<boolean> {
  const row = await tx
    .selectFrom("service")
    .select("id")
    .where("host_id", "=", hostId)
    .where("name", "=", name)
    .executeTakeFirst();
  return row !== undefined;
}

function plannedPolicy({ id, ...policy }: BackupPolicyInput & { readonly id: number }): PlannedPolicy {
  const { name, selector, isEnabled, storage, keyMode, objectives } = policy;
  const { rpoSeconds, rtoSeconds } = objectives;
  return { id, name, selector, isEnabled, storage, keyMode, rpoSeconds, rtoSeconds };
}

function columnsOf({ hostId, hostName, customer, policyId, policyName, rpoSeconds, rtoSeconds }: Assignment) {
  return {
    host_id: hostId,
    host_name: hostName,
    customer,
    policy_id: policyId,
    policy_name: policyName,
    rpo_seconds: rpoSeconds,
    rto_seconds: rtoSeconds,
  };
}

const Groups = z.array(z.string());

async function findHosts(executor: Executor): Promise<PlannedHost[]> {
  const rows = await executor
    .selectFrom("host")
    .select(["id", "name", "customer", "labels_json", "facts_json", "groups_json"])
    .orderBy("name")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    customer: row.customer,
    labels: effectiveLabels(Labels.parse(JSON.parse(row.facts_json)), Labels.parse(JSON.parse(row.labels_json))),
    groups: Groups.parse(JSON.parse(row.groups_json)),
  }));
}

async function findStored(executor: Executor): Promise<StoredRepository[]> {
  const rows = await executor.selectFrom("backup_repository").selectAll().orderBy("id").execute();
  return rows.map((row) => ({
    id: row.id,
    hostId: row.host_id,
    hostName: row.host_name,
    customer: row.customer,
    policyId: row.policy_id,
    policyName: row.policy_name,
    storageName: row.storage_name,
    path: row.path,
    keyMode: BackupKeyMode.parse(row.key_mode),
    isAssigned: row.assigned_at_ms !== null,
    rpoSeconds: row.rpo_seconds,
    rtoSeconds: row.rto_seconds,
  }));
}
