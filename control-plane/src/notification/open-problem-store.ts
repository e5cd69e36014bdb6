import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { idList, sortedIds } from "../monitored/id-list.ts";
import type { ChangedProblem, NotificationOutcome } from "../state-change/index.ts";
import { hostConditionOf } from "../state-change/state-row-store.ts";

/** An open problem with its last change that people are told of, and what came of that. */
export interface OpenProblem {
  readonly problem: ChangedProblem;
  readonly stateChangeId: number;
  readonly isNotified: boolean;
  readonly hostId: number;
  readonly serviceId: number | null;
  readonly serviceName: string | null;
  readonly reason: string;
  readonly message: string;
  readonly fromState: string;
  readonly toState: string;
  readonly attempt: number;
  readonly atMs: number;
  readonly isFlapping: boolean;
  readonly acknowledgementId: number | null;
  readonly lastCheckAtMs: number | null;
  readonly hostState: { readonly isDown: boolean; readonly changedAtMs: number | null };
}

/** What was last reported, which may be newer than the change. */
export interface LastReport {
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
}

/** Reasons that pass without anything happening to the object itself; what waits for a time is in the schedule instead. */
const passingReasons = [
  "notifications-disabled",
  "in-downtime",
  "host-down",
  "unreachable",
  "dependency-failed",
  "flapping",
  "acknowledged",
];

function openProblems(executor: Executor) {
  return executor
    .selectFrom("problem")
    .innerJoin("state_change", "state_change.problem_id", "problem.id")
    .innerJoin("host_state", "host_state.host_id", "problem.host_id")
    .leftJoin("service", "service.id", "problem.service_id")
    .leftJoin("service_state", "service_state.service_id", "problem.service_id")
    .where("problem.ended_at_ms", "is", null)
    .where("state_change.is_notified", "is not", null)
    .where("state_change.kind", "in", ["state", "stale-start"])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("state_change as later")
            .select("later.id")
            .whereRef("later.problem_id", "=", "problem.id")
            .whereRef("later.id", ">", "state_change.id")
            .where("later.kind", "in", ["state", "stale-start"])
            .where("later.is_notified", "is not", null),
        ),
      ),
    )
    .select([
      "problem.id as problem_id",
      "problem.started_at_ms",
      "problem.thread_key",
      "problem.host_id",
      "problem.service_id",
      "service.name as service_name",
      "state_change.id as state_change_id",
      "state_change.is_notified",
      "state_change.notification_reason",
      "state_change.notification_message",
      "state_change.from_state",
      "state_change.to_state",
      "state_change.attempt",
      "state_change.at_ms",
      "host_state.state as host_state",
      "host_state.is_hard as host_is_hard",
      "host_state.is_stale as host_is_stale",
      "host_state.last_hard_state_change_at_ms as host_changed_at_ms",
    ])
    .select((eb) => [
      eb.fn.coalesce("service_state.is_flapping", "host_state.is_flapping").as("is_flapping"),
      ofService("acknowledgement_id").as("acknowledgement_id"),
      ofService("last_check_at_ms").as("last_check_at_ms"),
    ]);
}

/** Those whose last change told nobody for a reason that passes by itself. */
function heldBack(executor: Executor) {
  return openProblems(executor)
    .where("state_change.is_notified", "=", 0)
    .where("state_change.notification_reason", "in", passingReasons);
}

/** With what was last reported, which may be long: only for the few that are told. */
function withReport(query: ReturnType<typeof openProblems>) {
  return query.select((eb) => [
    eb.fn.coalesce("service_state.output", "host_state.output").as("output"),
    eb.fn.coalesce("service_state.long_output", "host_state.long_output").as("long_output"),
    eb.fn.coalesce("service_state.perfdata", "host_state.perfdata").as("perfdata"),
  ]);
}

/** A column that may be null on the service: coalesce would take the host's instead. */
function ofService(column: "acknowledgement_id" | "last_check_at_ms") {
  return sql<
    number | null
  >`case when problem.service_id is null then ${sql.ref(`host_state.${column}`)} else ${sql.ref(`service_state.${column}`)} end`;
}

/** Open problems that are held back, by id, without locks. */
export async function findHeldBack(executor: Executor, afterProblemId: number, limit: number): Promise<OpenProblem[]> {
  const rows = await heldBack(executor)
    .where("problem.id", ">", afterProblemId)
    .orderBy("problem.id")
    .limit(limit)
    .execute();
  return rows.map(toOpenProblem);
}

/** Locks the state of a problem's object as ingest does, then reads it again; null when the problem is over or no longer held back. */
export async function lockHeldBack(
  tx: Executor,
  dialect: Dialect,
  problemId: number,
): Promise<(OpenProblem & LastReport) | null> {
  const problem = await tx
    .selectFrom("problem")
    .select(["host_id", "service_id"])
    .where("id", "=", problemId)
    .executeTakeFirst();
  if (problem === undefined) return null;
  const { service_id, host_id } = problem;
  if (service_id === null) {
    const host = tx.selectFrom("host_state").select("host_id").where("host_id", "=", host_id);
    await host.modifyEnd(dialect.forUpdate).execute();
  } else {
    const service = tx.selectFrom("service_state").select("service_id").where("service_id", "=", service_id);
    await service.modifyEnd(dialect.forUpdate).execute();
  }
  const row = await withReport(heldBack(tx)).where("problem.id", "=", problemId).executeTakeFirst();
  return row === undefined ? null : { ...toOpenProblem(row), ...reportOf(row) };
}

/** Locks the states of problems' objects as ingest does, hosts before services, then reads those that are still open. */
export async function lockOpenProblems(
  tx: Executor,
  dialect: Dialect,
  problemIds: readonly number[],
): Promise<(OpenProblem & LastReport)[]> {
  const problems = await tx
    .selectFrom("problem")
    .select(["host_id", "service_id"])
    .where(sql<boolean>`id in ${idList(dialect, problemIds)}`)
    .where("ended_at_ms", "is", null)
    .execute();
  const hostIds = problems.filter((row) => row.service_id === null).map((row) => row.host_id);
  const serviceIds = problems.flatMap((row) => row.service_id ?? []);
  if (hostIds.length > 0) {
    const ids = idList(dialect, sortedIds(hostIds));
    const hosts = tx.selectFrom("host_state").select("host_id").where(sql<boolean>`host_id in ${ids}`);
    await hosts.orderBy("host_id").modifyEnd(dialect.forUpdate).execute();
  }
  if (serviceIds.length > 0) {
    const ids = idList(dialect, sortedIds(serviceIds));
    const services = tx.selectFrom("service_state").select("service_id").where(sql<boolean>`service_id in ${ids}`);
    await services.orderBy("service_id").modifyEnd(dialect.forUpdate).execute();
  }
  const rows = await withReport(openProblems(tx))
    .where(sql<boolean>`problem.id in ${idList(dialect, problemIds)}`)
    .orderBy("problem.id")
    .execute();
  return rows.map((row) => ({ ...toOpenProblem(row), ...reportOf(row) }));
}

/** Replaces what came of a change: what was held back was told after all, or is held back for another reason now. */
export async function saveOutcome(tx: Executor, stateChangeId: number, outcome: NotificationOutcome): Promise<void> {
  await tx
    .updateTable("state_change")
    .set({
      is_notified: outcome.isNotified ? 1 : 0,
      notification_reason: outcome.reason,
      notification_message: outcome.message,
    })
    .where("id", "=", stateChangeId)
    .execute();
}

type Row = Awaited<ReturnType<ReturnType<typeof openProblems>["execute"]>>[number];

function toOpenProblem(row: Row): OpenProblem {
  const hostCondition = hostConditionOf({
    state: row.host_state,
    isHard: row.host_is_hard === 1,
    isStale: row.host_is_stale === 1,
  });
  return {
    problem: { id: row.problem_id, startedAtMs: row.started_at_ms, threadKey: row.thread_key },
    stateChangeId: row.state_change_id,
    isNotified: row.is_notified === 1,
    hostId: row.host_id,
    serviceId: row.service_id,
    serviceName: row.service_name,
    reason: row.notification_reason ?? "",
    message: row.notification_message ?? "",
    fromState: row.from_state,
    toState: row.to_state,
    attempt: row.attempt,
    atMs: row.at_ms,
    isFlapping: row.is_flapping === 1,
    acknowledgementId: row.acknowledgement_id,
    lastCheckAtMs: row.last_check_at_ms,
    hostState: { isDown: hostCondition.isDown, changedAtMs: row.host_changed_at_ms },
  };
}

function reportOf(row: {
  readonly output: string | null;
  readonly long_output: string | null;
  readonly perfdata: string | null;
}): LastReport {
  return { output: row.output ?? "", longOutput: row.long_output ?? "", perfdata: row.perfdata ?? "" };
}
