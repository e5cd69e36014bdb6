import { ProblemLogs } from "@mycloud/protocol/problem-log";
import type { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import type { ProblemOfHost } from "./read-problem-logs.ts";

const Kept = ProblemLogs.pick({ records: true, patterns: true });
export type KeptLogs = z.infer<typeof Kept>;

/** A problem whose logs are not kept yet. */
export interface UnkeptProblem extends ProblemOfHost {
  readonly problemId: number;
  readonly hostId: number;
}

/** Problems that began between the two and whose logs are not kept, oldest first. */
export async function findUnkept(
  executor: Executor,
  { fromMs, untilMs, limit }: { readonly fromMs: number; readonly untilMs: number; readonly limit: number },
): Promise<UnkeptProblem[]> {
  const rows = await executor
    .selectFrom("problem")
    .innerJoin("host", "host.id", "problem.host_id")
    .leftJoin("problem_log", "problem_log.problem_id", "problem.id")
    .select(["problem.id", "problem.host_id", "problem.started_at_ms", "host.name", "host.customer"])
    .where("problem.started_at_ms", ">=", fromMs)
    .where("problem.started_at_ms", "<", untilMs)
    .where("problem_log.problem_id", "is", null)
    .orderBy("problem.started_at_ms")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    problemId: row.id,
    hostId: row.host_id,
    hostName: row.name,
    customer: row.customer,
    startedAtMs: row.started_at_ms,
  }));
}

export async function findKept(
  executor: Executor,
  problemId: number,
): Promise<(KeptLogs & { readonly keptAtMs: number }) | null> {
  const row = await executor
    .selectFrom("problem_log")
    .select(["kept_at_ms", "logs_json"])
    .where("problem_id", "=", problemId)
    .executeTakeFirst();
  return row === undefined ? null : { ...Kept.parse(JSON.parse(row.logs_json)), keptAtMs: row.kept_at_ms };
}

/** Of what is kept of a problem, at most so much: a message may be as long as a record can be. */
const mostCharactersOfMessage = 2_000;

export async function keep(executor: Executor, problemId: number, logs: KeptLogs, nowMs: number): Promise<void> {
  const records = logs.records.map((record) => ({
    ...record,
    message: record.message.slice(0, mostCharactersOfMessage).toWellFormed(),
  }));
  const patterns = logs.patterns.map((pattern) => ({ ...pattern, example: null }));
  await executor
    .insertInto("problem_log")
    .values({ problem_id: problemId, kept_at_ms: nowMs, logs_json: JSON.stringify({ records, patterns }) })
    .execute();
}
