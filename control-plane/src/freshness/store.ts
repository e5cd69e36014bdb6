import { sql } from "kysely";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import type { OverdueObject } from "./judge-silence.ts";
import { freshnessOfHost, keepaliveIntervalOf } from "./overdue-after.ts";

/** Hosts whose deadline has passed, longest first. */
export async function findOverdueHosts(executor: Executor, nowMs: number, limit: number): Promise<OverdueObject[]> {
  const rows = await executor
    .selectFrom("host_state")
    .innerJoin("host", "host.id", "host_state.host_id")
    .select(["host.id", "host.created_at_ms", "host.freshness_seconds"])
    .select(["host_state.overdue_at_ms", "host_state.last_received_at_ms"])
    .select((eb) =>
      eb
        .selectFrom("agent")
        .select((agent) => agent.fn.countAll<number>().as("count"))
        .whereRef("agent.host_id", "=", "host.id")
        .where("agent.revoked_at_ms", "is", null)
        .as("agent_count"),
    )
    .where("host_state.overdue_at_ms", "<=", nowMs)
    .orderBy("host_state.overdue_at_ms")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    hostId: row.id,
    serviceId: null,
    overdueAtMs: row.overdue_at_ms ?? nowMs,
    lastReceivedAtMs: row.last_received_at_ms,
    createdAtMs: row.created_at_ms,
    hasAgent: Number(row.agent_count) > 0,
    expectedEverySeconds: row.freshness_seconds,
    isPassive: Number(row.agent_count) === 0,
    hostOverdueAtMs: null,
    hostLastSeenAtMs: null,
  }));
}

/** Services whose deadline has passed, longest first. */
export async function findOverdueServices(executor: Executor, nowMs: number, limit: number): Promise<OverdueObject[]> {
  const rows = await executor
    .selectFrom("service_state")
    .innerJoin("service", "service.id", "service_state.service_id")
    .innerJoin("host_state", "host_state.host_id", "service.host_id")
    .leftJoin("check_definition", "check_definition.id", "service.check_id")
    .select(["service.id", "service.host_id", "service.check_id", "service.freshness_seconds", "service.created_at_ms"])
    .select(["service_state.overdue_at_ms", "service_state.last_received_at_ms", "check_interval_seconds"])
    .innerJoin("host", "host.id", "service.host_id")
    .select(["host_state.overdue_at_ms as host_overdue_at_ms", "host.freshness_seconds as host_freshness_seconds"])
    .where("service_state.overdue_at_ms", "<=", nowMs)
    .orderBy("service_state.overdue_at_ms")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    hostId: row.host_id,
    serviceId: row.id,
    overdueAtMs: row.overdue_at_ms ?? nowMs,
    lastReceivedAtMs: row.last_received_at_ms,
    createdAtMs: row.created_at_ms,
    hasAgent: row.host_overdue_at_ms !== null,
    expectedEverySeconds: row.check_interval_seconds ?? row.freshness_seconds,
    isPassive: row.check_id === null,
    hostOverdueAtMs: row.host_overdue_at_ms,
    hostLastSeenAtMs: lastSeenAtMs(row.host_overdue_at_ms, row.host_freshness_seconds),
    keepaliveSeconds: keepaliveIntervalOf(row.host_freshness_seconds),
  }));
}

/** When an agent's host was last heard of: keepalives of one that is UP move its deadline and nothing else. */
export function lastSeenAtMs(overdueAtMs: number | null, freshnessSeconds: number | null): number | null {
  const freshMs = freshnessOfHost({ hasAgent: true, freshnessSeconds });
  return overdueAtMs === null || freshMs === null ? null : overdueAtMs - freshMs;
}

const heartbeatSetting = "heartbeat_at_ms";

/** Notes that some control plane watches now. */
export async function noteHeartbeat({ db, dialect }: ConnectedDatabase, nowMs: number): Promise<void> {
  await dialect.upsertMany(db, "setting", ["name", "value"], [[heartbeatSetting, String(nowMs)]], ["name"]);
}

/**
 * Moves every deadline by the time nobody watched, and none closer than `graceMs` from now; notes the heartbeat in the same transaction, so
 * that an outage counts once. While nobody watched, nobody could report: silence proves nothing.
 */
export async function shiftDeadlines(
  database: ConnectedDatabase,
  outageMs: number,
  graceMs: number,
  nowMs: number,
): Promise<void> {
  const earliest = nowMs + graceMs;
  await database.transaction(async (tx) => {
    for (const table of ["host_state", "service_state"] as const) {
      const shifted = sql<number>`case when overdue_at_ms + ${outageMs} < ${earliest} then ${earliest} else overdue_at_ms + ${outageMs} end`;
      await tx.updateTable(table).set({ overdue_at_ms: shifted }).where("overdue_at_ms", "is not", null).execute();
    }
    await database.dialect.upsertMany(tx, "setting", ["name", "value"], [[heartbeatSetting, String(nowMs)]], ["name"]);
    // Availability counts it as time of which nothing is known.
    await tx
      .insertInto("watch_outage")
      .values({ from_at_ms: nowMs - outageMs, until_at_ms: nowMs })
      .execute();
  });
}

/** When a control plane last watched; null on a new installation. */
export async function findHeartbeat(executor: Executor): Promise<number | null> {
  const row = await executor
    .selectFrom("setting")
    .select("value")
    .where("name", "=", heartbeatSetting)
    .executeTakeFirst();
  return row === undefined ? null : Number(row.value);
}
