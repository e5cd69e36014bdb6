import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { chunksOf, idList, idsPerQuery, pendingStateColumns } from "../monitored/index.ts";
import type { HostCheckPlan, StoredHostCheck } from "./plan-host-checks.ts";
import type { PlannedCheck } from "./plan-services.ts";

/** The host checks of hosts; those of checks that are not among `checks` are claimed by them. */
export async function findHostChecks(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  checks: readonly PlannedCheck[],
): Promise<StoredHostCheck[]> {
  const planned = new Set(checks.map((check) => check.id));
  const found: StoredHostCheck[] = [];
  for (const chunk of chunksOf(hostIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("host_check")
      .innerJoin("check_definition", "check_definition.id", "host_check.check_id")
      .select(["host_check.host_id", "host_check.check_id", "check_definition.name"])
      .where(sql<boolean>`host_check.host_id in ${idList(dialect, chunk)}`)
      .execute();
    for (const { host_id: hostId, check_id: checkId, name } of rows) {
      found.push({ hostId, checkId, claimant: planned.has(checkId) ? null : `check "${name}"` });
    }
  }
  return found;
}

/** Ids of the hosts that a check tells of. */
export async function findHostsOfCheck(executor: Executor, checkId: number): Promise<number[]> {
  const rows = await executor.selectFrom("host_check").select("host_id").where("check_id", "=", checkId).execute();
  return rows.map((row) => row.host_id);
}

/** Carries a plan out. Hosts that nothing tells of any more are PENDING, until a keepalive or a result comes. */
export async function saveHostChecks(
  tx: Executor,
  dialect: Dialect,
  plan: HostCheckPlan,
  nowMs: number,
): Promise<void> {
  const rows = plan.set.map(({ hostId, checkId }) => [hostId, checkId, nowMs]);
  await dialect.upsertMany(tx, "host_check", ["host_id", "check_id", "since_ms"], rows, ["host_id"]);
  for (const chunk of chunksOf(plan.clear, idsPerQuery)) {
    await tx
      .deleteFrom("host_check")
      .where(sql<boolean>`host_id in ${idList(dialect, chunk)}`)
      .execute();
  }
  await forgetHostStates(tx, dialect, plan.clear, nowMs);
}

/** Makes hosts PENDING: what is not looked at is not green. */
export async function forgetHostStates(
  tx: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  nowMs: number,
): Promise<void> {
  for (const chunk of chunksOf(hostIds, idsPerQuery)) {
    const isConcerned = sql<boolean>`host_id in ${idList(dialect, chunk)}`;
    for (const [table, ended] of [
      ["problem", { ended_at_ms: nowMs }],
      ["acknowledgement", { ended_at_ms: nowMs, end_reason: "removed" }],
    ] as const) {
      await tx
        .updateTable(table)
        .set(ended)
        .where("ended_at_ms", "is", null)
        .where("service_id", "is", null)
        .where(isConcerned)
        .execute();
    }
    // From here to the next result nothing is known of them, which availability must not take for the state they had.
    await sql`insert into host_watch_gap (host_id, from_at_ms)
      select host_id, ${nowMs} from host_state where ${isConcerned} and has_been_checked = 1`.execute(tx);
    await tx
      .updateTable("host_state")
      .set((eb) => ({ ...pendingStateColumns, version: eb("version", "+", 1) }))
      .where(isConcerned)
      .execute();
  }
}
