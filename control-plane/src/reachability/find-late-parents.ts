import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { keepaliveIntervalOf } from "../freshness/overdue-after.ts";
import { lastSeenAtMs } from "../freshness/store.ts";
import { idList } from "../monitored/id-list.ts";
import type { ParentGraph } from "./parent-graph.ts";

/**
 * Of these hosts, those whose parents' own agents are late but not given up yet, none of them being surely UP: who is silent because of a parent
 * is not called DOWN some seconds before that parent is.
 */
export async function findHostsOfLateParents(
  executor: Executor,
  dialect: Dialect,
  graph: ParentGraph,
  hostIds: readonly number[],
  nowMs: number,
): Promise<ReadonlySet<number>> {
  const children = hostIds.filter((id) => graph.parentsOf(id).length > 0);
  const parentIds = [...new Set(children.flatMap((id) => graph.parentsOf(id)))];
  if (parentIds.length === 0) return new Set();
  const rows = await executor
    .selectFrom("host_state")
    .innerJoin("host", "host.id", "host_state.host_id")
    .select(["host_id", "state", "is_stale", "overdue_at_ms", "freshness_seconds"])
    .where(sql<boolean>`host_id in ${idList(dialect, parentIds)}`)
    .execute();
  const late = new Set<number>();
  const surelyUp = new Set<number>();
  for (const row of rows) {
    if (row.state !== 0 || row.is_stale === 1) continue;
    const silentMs = nowMs - (lastSeenAtMs(row.overdue_at_ms, row.freshness_seconds) ?? nowMs);
    const isLate = silentMs > 1.5 * keepaliveIntervalOf(row.freshness_seconds) * 1000;
    (isLate ? late : surelyUp).add(row.host_id);
  }
  return new Set(
    children.filter((id) => {
      const parents = graph.parentsOf(id);
      return !parents.some((parent) => surelyUp.has(parent)) && parents.some((parent) => late.has(parent));
    }),
  );
}
