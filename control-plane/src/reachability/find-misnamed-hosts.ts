import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";
import { isReachable, type ParentGraph } from "./parent-graph.ts";

const DOWN = 1;

/**
 * Ids of hosts that are called DOWN although none of their parents is UP, or UNREACHABLE although one is and nobody waits for their agent: two
 * transactions at once did not see each other, or parents were edited.
 */
export async function findMisnamedHosts(executor: Executor, dialect: Dialect, graph: ParentGraph): Promise<number[]> {
  const bad: { host_id: number; state: number; overdue_at_ms: number | null }[] = [];
  for (const chunk of chunksOf(graph.childIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("host_state")
      .select(["host_id", "state", "overdue_at_ms"])
      .where(sql<boolean>`host_id in ${idList(dialect, chunk)}`)
      .where("state", "<>", 0)
      .where("is_passive", "=", 0)
      .where("is_stale", "=", 0)
      .execute();
    bad.push(...rows);
  }
  if (bad.length === 0) return [];
  const parentIds = [...new Set(bad.flatMap((row) => graph.parentsOf(row.host_id)))];
  const up = new Set<number>();
  for (const chunk of chunksOf(parentIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("host_state")
      .select("host_id")
      .where(sql<boolean>`host_id in ${idList(dialect, chunk)}`)
      .where("state", "=", 0)
      .where("is_stale", "=", 0)
      .execute();
    for (const row of rows) up.add(row.host_id);
  }
  return bad
    .filter((row) => {
      const canBeSeen = isReachable(graph, row.host_id, (parentId) => up.has(parentId));
      return row.state === DOWN ? !canBeSeen : canBeSeen && row.overdue_at_ms === null;
    })
    .map((row) => row.host_id);
}
