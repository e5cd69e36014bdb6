import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";
import type { ChangedProblem } from "../state-change/index.ts";

/** Problems by id, as threads need them. */
export async function findProblems(
  executor: Executor,
  dialect: Dialect,
  ids: readonly number[],
): Promise<Map<number, ChangedProblem>> {
  const problems = new Map<number, ChangedProblem>();
  for (const chunk of chunksOf(ids, idsPerQuery)) {
    const rows = await executor
      .selectFrom("problem")
      .select(["id", "started_at_ms", "thread_key"])
      .where(sql<boolean>`id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) {
      problems.set(row.id, { id: row.id, startedAtMs: row.started_at_ms, threadKey: row.thread_key });
    }
  }
  return problems;
}
