import { BackupKeyMode, type BackupPolicyInput } from "@mycloud/protocol/backup-policy";
import { Labels } from "@mycloud/protocol/name";
import { z } from "zod";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { loadDefinitions } from "../definition/index.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import type { Sealer } from "../sealing/index.ts";
import {
  type Assignment,
  type PlannedHost,
  type PlannedPolicy,
  planRepositories,
  type StoredRepository,
} from "./plan-repositories.ts";
import { syncBackupServices } from "./sync-backup-services.ts";

export interface SyncedRepositories {
  /** Whether hosts have other services, or agents other jobs, than before. */
  readonly isChanged: boolean;
  /** Policies that have no storage server to go to. */
  readonly homeless: readonly string[];
  /** Services that could not be made, as another has their name: `web1/backup-run home`. */
  readonly conflicts: readonly string[];
}

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
    const services = await syncBackupServices(tx, database.dialect, nowMs);
    const isPlanned = plan.create.length + plan.assign.length + plan.unassign.length > 0;
    return { ...services, isChanged: isPlanned || services.isChanged, homeless: plan.homeless };
  });
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
