import { sql } from "kysely";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Rows of one kind that have been kept long enough. */
interface Retention {
  readonly name: string;
  /** Deletes at most `limit` rows from before `beforeMs`; answers how many. */
  readonly deleteSome: (database: ConnectedDatabase, beforeMs: number, limit: number) => Promise<number>;
  readonly keptMs: number;
}

const retentions: readonly Retention[] = [
  { name: "check results", keptMs: 48 * hourMs, deleteSome: deleteResults },
  { name: "batch ids", keptMs: 7 * dayMs, deleteSome: deleteBatches },
  { name: "state changes", keptMs: 365 * dayMs, deleteSome: byId("state_change", "at_ms") },
  { name: "outages", keptMs: 366 * dayMs, deleteSome: byId("watch_outage", "until_at_ms") },
  { name: "starts of agents", keptMs: 365 * dayMs, deleteSome: byId("agent_event", "at_ms") },
  { name: "ended problems", keptMs: 365 * dayMs, deleteSome: byId("problem", "ended_at_ms") },
  { name: "notifications", keptMs: 365 * dayMs, deleteSome: byId("notification", "created_at_ms") },
  { name: "groups of notifications", keptMs: 365 * dayMs, deleteSome: byId("notification_bundle", "closed_at_ms") },
  { name: "audit entries", keptMs: 3 * 365 * dayMs, deleteSome: byId("audit_entry", "at_ms") },
  { name: "ended downtimes", keptMs: 365 * dayMs, deleteSome: byId("downtime", "end_at_ms") },
  { name: "ended acknowledgements", keptMs: 365 * dayMs, deleteSome: byId("acknowledgement", "ended_at_ms") },
  { name: "commands to agents", keptMs: 30 * dayMs, deleteSome: byId("agent_command", "created_at_ms") },
  { name: "backup runs", keptMs: 365 * dayMs, deleteSome: byId("backup_run", "started_at_ms") },
  { name: "backup maintenance", keptMs: 365 * dayMs, deleteSome: byId("backup_maintenance_run", "started_at_ms") },
  { name: "enrolment tokens", keptMs: 365 * dayMs, deleteSome: byId("enrolment_token", "expires_at_ms") },
  { name: "rollups of a minute", keptMs: 30 * dayMs, deleteSome: rollupsOf(60) },
  { name: "rollups of a quarter hour", keptMs: 365 * dayMs, deleteSome: rollupsOf(900) },
];

const rowsPerStatement = 5_000;

/**
 * Deletes what has been kept long enough, in small statements so that ingest is never held up for long. Stops when told to. Answers the
 * numbers deleted, by name. Call under a lease.
 */
export async function deleteExpired(
  database: ConnectedDatabase,
  nowMs: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const deleted = new Map<string, number>();
  for (const { name, keptMs, deleteSome } of retentions) {
    for (let count = rowsPerStatement; count === rowsPerStatement && !signal.aborted; ) {
      count = await deleteSome(database, nowMs - keptMs, rowsPerStatement);
      if (count > 0) deleted.set(name, (deleted.get(name) ?? 0) + count);
      // Lets requests in between: on SQLite everything shares one connection.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return deleted;
}

/** Results by id, oldest first: ids follow the time of receipt, and an index on that would cost every insert. */
async function deleteResults({ db }: ConnectedDatabase, beforeMs: number, limit: number): Promise<number> {
  const rows = await db
    .selectFrom("check_result")
    .select(["id", "received_at_ms"])
    .orderBy("id")
    .limit(limit)
    .execute();
  const expired = rows.filter((row) => row.received_at_ms < beforeMs);
  const last = expired.at(-1);
  if (last === undefined) return 0;
  const result = await db.deleteFrom("check_result").where("id", "<=", last.id).executeTakeFirst();
  return Math.min(Number(result.numDeletedRows), limit);
}

async function deleteBatches({ db }: ConnectedDatabase, beforeMs: number, limit: number): Promise<number> {
  const rows = await db
    .selectFrom("received_batch")
    .select("received_at_ms")
    .where("received_at_ms", "<", beforeMs)
    .orderBy("received_at_ms")
    .limit(limit)
    .execute();
  const last = rows.at(-1);
  if (last === undefined) return 0;
  await db.deleteFrom("received_batch").where("received_at_ms", "<=", last.received_at_ms).execute();
  return rows.length;
}

type DatedTable =
  | "state_change"
  | "problem"
  | "watch_outage"
  | "agent_event"
  | "notification"
  | "notification_bundle"
  | "audit_entry"
  | "downtime"
  | "acknowledgement"
  | "agent_command"
  | "backup_run"
  | "backup_maintenance_run"
  | "enrolment_token";

function byId(table: DatedTable, column: string): Retention["deleteSome"] {
  return async ({ db }, beforeMs, limit) => {
    const { rows } = await sql<{ id: number }>`
      select id from ${sql.table(table)} where ${sql.ref(column)} < ${beforeMs} order by ${sql.ref(column)} limit ${limit}`.execute(
      db,
    );
    if (rows.length === 0) return 0;
    await sql`delete from ${sql.table(table)} where id in (${sql.join(rows.map((row) => row.id))})`.execute(db);
    return rows.length;
  };
}

function rollupsOf(resolutionSeconds: number): Retention["deleteSome"] {
  return async ({ db }, beforeMs, limit) => {
    const rows = await db
      .selectFrom("perfdata_rollup")
      .select("bucket_at_ms")
      .where("resolution_seconds", "=", resolutionSeconds)
      .where("bucket_at_ms", "<", beforeMs)
      .orderBy("bucket_at_ms")
      .limit(limit)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return 0;
    await db
      .deleteFrom("perfdata_rollup")
      .where("resolution_seconds", "=", resolutionSeconds)
      .where("bucket_at_ms", "<=", last.bucket_at_ms)
      .execute();
    return rows.length;
  };
}
