import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";
import type { RuleSchedule } from "./rule-schedule.ts";

/** Where rules stand, by problem and rule. */
export type ProblemSchedules = Map<number, Map<number, RuleSchedule>>;

/** Where the rules stand with these problems; one that no rule has anything more to say of is absent. */
export async function findSchedules(
  executor: Executor,
  dialect: Dialect,
  problemIds: readonly number[],
): Promise<ProblemSchedules> {
  const schedules: ProblemSchedules = new Map();
  for (const chunk of chunksOf(problemIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("notification_schedule")
      .selectAll()
      .where(sql<boolean>`problem_id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) {
      const entry = { ruleId: row.rule_id, count: row.count, dueAtMs: row.due_at_ms, repeatAtMs: row.repeat_at_ms };
      putSchedule(schedules, row.problem_id, entry);
    }
  }
  return schedules;
}

/** Remembers where a rule stands with a problem now. */
export function putSchedule(schedules: ProblemSchedules, problemId: number, entry: RuleSchedule): void {
  const known = schedules.get(problemId);
  if (known === undefined) schedules.set(problemId, new Map([[entry.ruleId, entry]]));
  else known.set(entry.ruleId, entry);
}

const columns = ["problem_id", "rule_id", "count", "due_at_ms", "repeat_at_ms"] as const;

/** Stores where rules stand; the later entry of the same problem and rule counts. */
export async function saveSchedules(
  tx: Executor,
  dialect: Dialect,
  entries: readonly { readonly problemId: number; readonly entry: RuleSchedule }[],
): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ problemId, entry }) => [
    problemId,
    entry.ruleId,
    entry.count,
    entry.dueAtMs,
    entry.repeatAtMs,
  ]);
  await dialect.upsertMany(tx, "notification_schedule", columns, rows, ["problem_id", "rule_id"]);
}

/** Forgets problems that are over. */
export async function deleteSchedules(tx: Executor, dialect: Dialect, problemIds: readonly number[]): Promise<void> {
  for (const chunk of chunksOf(problemIds, idsPerQuery)) {
    await tx
      .deleteFrom("notification_schedule")
      .where(sql<boolean>`problem_id in ${idList(dialect, chunk)}`)
      .execute();
  }
}

/** Problems that some rule is to be asked about by now, those that wait longest first, without locks. */
export async function findDueProblems(executor: Executor, nowMs: number, limit: number): Promise<number[]> {
  const rows = await executor
    .selectFrom("notification_schedule")
    .select(["problem_id", (eb) => eb.fn.min("due_at_ms").as("first_due_at_ms")])
    .where("due_at_ms", "<=", nowMs)
    .groupBy("problem_id")
    .orderBy("first_due_at_ms")
    .orderBy("problem_id")
    .limit(limit)
    .execute();
  return rows.map((row) => row.problem_id);
}
