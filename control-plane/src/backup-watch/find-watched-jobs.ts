import { BackupDrill } from "@mycloud/protocol/backup-drill";
import { DamagedObject } from "@mycloud/protocol/backup-maintenance";
import { BackupObjectives } from "@mycloud/protocol/backup-policy";
import { sql } from "kysely";
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

/** What the services of a repository follow from, beside the present instant. */
const watchedColumns = [
  "host_id",
  "host_name",
  "policy_name",
  "path",
  "customer",
  "assigned_at_ms",
  "rpo_seconds",
  "rto_seconds",
  "freshness_service_id",
  "run_service_id",
  "change_service_id",
  "drill_service_id",
  "verify_service_id",
  "quota_service_id",
  "last_run_id",
  "last_snapshot_at_ms",
  "frozen_at_ms",
  "frozen_reason",
  "drilled_at_ms",
  "scrubbed_at_ms",
  "damaged_json",
  "used_bytes",
  "quota_bytes",
  "updated_at_ms",
] as const;

/** A repository, and a text that is another one when anything its services follow from has changed. */
export interface JobPrint {
  readonly id: number;
  readonly print: string;
}

/** Some of the repositories that policies back hosts up into, by id, from behind `afterId`. One text of each is a tenth of the work of all they say. */
export async function findJobPrints({ db }: ConnectedDatabase, afterId: number, limit: number): Promise<JobPrint[]> {
  const parts = watchedColumns.map((column) => sql`coalesce(${sql.ref(column)}, '')`);
  // That it was seen once; when it was last changes every minute.
  parts.push(sql`case when seen_at_ms is null then 0 else 1 end`);
  return await db
    .selectFrom("backup_repository")
    .leftJoin("definition", "definition.id", "backup_repository.policy_id")
    .select(["backup_repository.id", sql<string>`concat_ws('|', ${sql.join(parts)})`.as("print")])
    .where("assigned_at_ms", "is not", null)
    .where("backup_repository.id", ">", afterId)
    .orderBy("backup_repository.id")
    .limit(limit)
    .execute();
}

/** These of the repositories that policies back hosts up into. */
export async function findWatchedJobs({ db }: ConnectedDatabase, ids: readonly number[]): Promise<WatchedJob[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("backup_repository")
    .leftJoin("definition", "definition.id", "backup_repository.policy_id")
    .selectAll("backup_repository")
    .select("spec_json")
    .where("assigned_at_ms", "is not", null)
    .where("backup_repository.id", "in", ids)
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
