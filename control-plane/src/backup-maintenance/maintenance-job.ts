import { DamagedObject, type MaintenanceKind } from "@mycloud/protocol/backup-maintenance";
import { BackupKeyMode, Retention } from "@mycloud/protocol/backup-policy";
import { BackupRunPhase, isEndPhase, RunSnapshot } from "@mycloud/protocol/backup-run";
import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";

/** What a repository is to be maintained for, as far as that is in the database. */
export interface MaintenanceJob {
  readonly repositoryId: number;
  readonly kind: MaintenanceKind;
  readonly hostName: string;
  readonly policyName: string;
  readonly storageName: string;
  readonly path: string;
  /** Of `retention`. */
  readonly retention: Retention;
  /** Of `hold`: why, and the snapshots of the run that gave cause. */
  readonly reason: string;
  readonly suspicious: readonly string[];
  /** Of `examine`. */
  readonly damaged: readonly DamagedObject[];
}

/** How long after the policy began the first time is, and from one time to the next. */
export const retentionEveryMs = 24 * 3_600_000;
/** A run of which nothing was heard for so long keeps nobody from pruning: if it lives, its lock does. */
const silentRunMs = 15 * 60_000;

const Snapshots = z.array(RunSnapshot);
const Damaged = z.array(DamagedObject);
const Spec = z.object({ retention: Retention.default({}) });

/** The next job: holds before everything, then what is damaged, then retention, each the one that waits longest. Null: nothing is due. Repositories that rest are passed over. */
export async function findNextJob(
  database: ConnectedDatabase,
  resting: readonly number[],
  nowMs: number,
): Promise<MaintenanceJob | null> {
  return (
    (await findHolding(database, resting)) ??
    (await findExamination(database, resting)) ??
    (await findRetention(database, resting, nowMs))
  );
}

/** Whether a policy keeps everything: then there is nothing to forget. Pure. */
export function keepsEverything(retention: Retention): boolean {
  return Object.values(retention).every((rule) => rule === undefined || rule === 0);
}

async function findHolding({ db }: ConnectedDatabase, resting: readonly number[]): Promise<MaintenanceJob | null> {
  const row = await db
    .selectFrom("backup_repository")
    .leftJoin("backup_run", "backup_run.id", "frozen_run_id")
    .select(["backup_repository.id", "host_name", "policy_name", "storage_name", "path", "hold_work", "frozen_reason"])
    .select("snapshots_json")
    .where("hold_work", "is not", null)
    .where("backup_repository.id", "not in", listed(resting))
    .orderBy("frozen_at_ms")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    ...baseOf(row),
    kind: row.hold_work === "place" ? "hold" : "release",
    reason: row.frozen_reason ?? "frozen",
    suspicious: Snapshots.parse(JSON.parse(row.snapshots_json ?? "[]")).map(({ id }) => id),
  };
}

async function findExamination({ db }: ConnectedDatabase, resting: readonly number[]): Promise<MaintenanceJob | null> {
  const row = await db
    .selectFrom("backup_repository")
    .select(["id", "host_name", "policy_name", "storage_name", "path", "damaged_json"])
    .where("examine_due", "=", 1)
    .where("id", "not in", listed(resting))
    .where("key_mode", "=", BackupKeyMode.enum.managed)
    .where("sealed_password", "is not", null)
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { ...baseOf(row), kind: "examine", damaged: Damaged.parse(JSON.parse(row.damaged_json ?? "[]")) };
}

/** Retention of managed repositories that a policy uses, that are not frozen, and that nobody backs up into at the moment. */
async function findRetention(
  { db }: ConnectedDatabase,
  resting: readonly number[],
  nowMs: number,
): Promise<MaintenanceJob | null> {
  const rows = await db
    .selectFrom("backup_repository")
    .innerJoin("definition", "definition.id", "backup_repository.policy_id")
    .select(["backup_repository.id", "host_name", "policy_name", "storage_name", "path", "spec_json"])
    .where("assigned_at_ms", "is not", null)
    .where("key_mode", "=", BackupKeyMode.enum.managed)
    .where("sealed_password", "is not", null)
    .where("last_snapshot_id", "is not", null)
    .where("frozen_at_ms", "is", null)
    .where("backup_repository.id", "not in", listed(resting))
    .where("hold_work", "is", null)
    .where((eb) =>
      eb.or([
        eb("maintenance_due_at_ms", "<=", nowMs),
        eb.and([eb("maintenance_due_at_ms", "is", null), eb("assigned_at_ms", "<=", nowMs - retentionEveryMs)]),
      ]),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("backup_run")
            .select("backup_run.id")
            .whereRef("backup_run.repository_id", "=", "backup_repository.id")
            .where("phase", "not in", BackupRunPhase.options.filter(isEndPhase))
            .where("heard_at_ms", ">", nowMs - silentRunMs),
        ),
      ),
    )
    .orderBy("maintenance_due_at_ms")
    .orderBy("backup_repository.id")
    .limit(200)
    .execute();
  const idle: number[] = [];
  let found: MaintenanceJob | null = null;
  for (const row of rows) {
    const { retention } = Spec.parse(JSON.parse(row.spec_json));
    if (keepsEverything(retention)) idle.push(row.id);
    else found ??= { ...baseOf(row), kind: "retention", retention };
  }
  if (idle.length > 0) {
    const later = { maintenance_due_at_ms: nowMs + retentionEveryMs };
    await db.updateTable("backup_repository").set(later).where("id", "in", idle).execute();
  }
  return found;
}

/** A list that is never empty: no repository has the number 0. */
function listed(ids: readonly number[]): number[] {
  return [0, ...ids];
}

interface BaseRow {
  readonly id: number;
  readonly host_name: string;
  readonly policy_name: string;
  readonly storage_name: string;
  readonly path: string;
}

function baseOf(row: BaseRow): Omit<MaintenanceJob, "kind"> {
  return {
    repositoryId: row.id,
    hostName: row.host_name,
    policyName: row.policy_name,
    storageName: row.storage_name,
    path: row.path,
    retention: {},
    reason: "",
    suspicious: [],
    damaged: [],
  };
}
