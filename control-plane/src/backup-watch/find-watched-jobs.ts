import { BackupDrill } from "@mycloud/protocol/backup-drill";
import { DamagedObject } from "@mycloud/protocol/backup-maintenance";
import { BackupObjectives } from "@mycloud/protocol/backup-policy";
import { z } from "zod";
import type { FreshnessFacts } from "../backup-run/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";

/** A repository in use, as its services see it. */
export interface WatchedJob extends FreshnessFacts {
  readonly id: number;
  readonly hostId: number;
  readonly hostName: string;
  readonly policyName: string;
  readonly path: string;
  readonly customer: string | null;
  readonly createdAtMs: number;
  readonly assignedAtMs: number;
  readonly services: {
    readonly freshness: number | null;
    readonly run: number | null;
    readonly change: number | null;
    readonly drill: number | null;
    readonly verify: number | null;
    readonly quota: number | null;
  };
  readonly lastRunId: number | null;
  readonly frozenAtMs: number | null;
  readonly frozenReason: string | null;
  readonly drillEverySeconds: number | null;
  readonly rtoSeconds: number | null;
  readonly drill: BackupDrill | null;
  readonly seenAtMs: number | null;
  readonly scrubbedAtMs: number | null;
  readonly damaged: readonly DamagedObject[];
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
  /** Which mails were sent of what holds at present. */
  readonly mailed: Mailed;
}

const Mailed = z.partialRecord(z.enum(["rpo-missed", "quota-near"]), z.number());
export type Mailed = z.infer<typeof Mailed>;
const Spec = z.object({ objectives: BackupObjectives.prefault({}) });
const Damaged = z.array(DamagedObject);

/** Every repository that a policy backs a host up into. */
export async function findWatchedJobs({ db }: ConnectedDatabase): Promise<WatchedJob[]> {
  const rows = await db
    .selectFrom("backup_repository")
    .leftJoin("definition", "definition.id", "backup_repository.policy_id")
    .selectAll("backup_repository")
    .select("spec_json")
    .where("assigned_at_ms", "is not", null)
    .execute();
  return rows.flatMap((row) => {
    if (row.host_id === null || row.assigned_at_ms === null) return [];
    const { objectives } = Spec.parse(JSON.parse(row.spec_json ?? "{}"));
    const parsed = <Type>(schema: z.ZodType<Type>, json: string | null): Type | null =>
      json === null ? null : schema.parse(JSON.parse(json));
    return {
      id: row.id,
      hostId: row.host_id,
      hostName: row.host_name,
      policyName: row.policy_name,
      path: row.path,
      customer: row.customer,
      createdAtMs: row.created_at_ms,
      services: {
        freshness: row.freshness_service_id,
        run: row.run_service_id,
        change: row.change_service_id,
        drill: row.drill_service_id,
        verify: row.verify_service_id,
        quota: row.quota_service_id,
      },
      lastRunId: row.last_run_id,
      rpoSeconds: row.rpo_seconds,
      rtoSeconds: row.rto_seconds,
      lastSnapshotAtMs: row.last_snapshot_at_ms,
      assignedAtMs: row.assigned_at_ms,
      frozenAtMs: row.frozen_at_ms,
      frozenReason: row.frozen_reason,
      drillEverySeconds: objectives.drillEverySeconds,
      drill: parsed(BackupDrill, row.drill_json),
      seenAtMs: row.seen_at_ms,
      scrubbedAtMs: row.scrubbed_at_ms,
      damaged: parsed(Damaged, row.damaged_json) ?? [],
      usedBytes: row.used_bytes,
      quotaBytes: row.quota_bytes,
      mailed: parsed(Mailed, row.mailed_json) ?? {},
    };
  });
}
