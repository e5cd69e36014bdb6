import type { DrillOrder } from "@mycloud/protocol/backup-drill";
import { BackupKeyMode, BackupObjectives, Retention } from "@mycloud/protocol/backup-policy";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";

/** What a run may and shall do besides backing up. The same for as long as the run lasts. */
export interface RunTerms {
  /** Bytes that the repository may hold; null: as the storage server says. */
  readonly quotaBytes: number | null;
  readonly drill: DrillOrder | null;
  readonly mayPrune: boolean;
}

const Spec = z.object({
  quotaBytes: z.number().nullable().default(null),
  objectives: BackupObjectives.prefault({}),
  retention: Retention.default({}),
  pruneByHost: z.boolean().default(false),
});

/** The sample of a drill. */
const drillFiles = 200;
const drillBytes = 256 * 1024 * 1024;

/** The terms of a run, by its repository's policy and state. */
export async function findRunTerms(
  tx: Executor,
  repositoryId: number,
  runId: string,
  nowMs: number,
): Promise<RunTerms> {
  const row = await tx
    .selectFrom("backup_repository")
    .leftJoin("definition", "definition.id", "backup_repository.policy_id")
    .select(["customer", "key_mode", "frozen_at_ms", "maintenance_due_at_ms", "used_bytes"])
    .select(["drilled_at_ms", "drill_asked_at_ms", "last_snapshot_id", "spec_json"])
    .where("backup_repository.id", "=", repositoryId)
    .executeTakeFirstOrThrow();
  const { quotaBytes, objectives, retention, pruneByHost } = Spec.parse(JSON.parse(row.spec_json ?? "{}"));
  const { drillEverySeconds } = objectives;
  const isDrillDue =
    row.drill_asked_at_ms !== null ||
    (drillEverySeconds !== null && nowMs - (row.drilled_at_ms ?? 0) >= drillEverySeconds * 1000);
  const mayPrune =
    row.key_mode === BackupKeyMode.enum.private &&
    pruneByHost &&
    row.frozen_at_ms === null &&
    row.last_snapshot_id !== null &&
    (row.maintenance_due_at_ms ?? 0) <= nowMs &&
    Object.values(retention).some((rule) => rule !== undefined && rule !== 0);
  return {
    quotaBytes: smallest(quotaBytes, await leftOfCustomer(tx, row.customer, row.used_bytes ?? 0)),
    drill: isDrillDue ? { seed: runId, maximumFiles: drillFiles, maximumBytes: drillBytes } : null,
    mayPrune,
  };
}

function smallest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

/** What a repository may hold so that all of its customer's together stay within the customer's quota; null without one. At least a byte, since 0 would be unlimited. */
async function leftOfCustomer(tx: Executor, customer: string | null, ownBytes: number): Promise<number | null> {
  if (customer === null) return null;
  const row = await tx.selectFrom("customer").select("quota_bytes").where("name", "=", customer).executeTakeFirst();
  if (row?.quota_bytes == null) return null;
  const { used } = await tx
    .selectFrom("backup_repository")
    .select((eb) => eb.fn.sum<number | string | null>("used_bytes").as("used"))
    .where("customer", "=", customer)
    .executeTakeFirstOrThrow();
  return Math.max(1, row.quota_bytes - (Number(used ?? 0) - ownBytes));
}
