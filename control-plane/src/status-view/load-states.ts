import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { CheckRunColumns, MonitoredStateTable } from "../database/schema.ts";
import { chunksOf, idList } from "../monitored/index.ts";
import type { ViewedState } from "./viewed.ts";

const columns = [
  "version",
  "state",
  "is_hard",
  "attempt",
  "has_been_checked",
  "is_stale",
  "is_flapping",
  "is_passive",
  "last_hard_state",
  "percent_state_change",
  "output",
  "perfdata",
  "last_check_at_ms",
  "last_received_at_ms",
  "last_state_change_at_ms",
  "last_hard_state_change_at_ms",
  "last_ok_at_ms",
  "problem_id",
  "acknowledgement_id",
  "next_check_at_ms",
  "execution_time_seconds",
  "latency_seconds",
] as const satisfies readonly (keyof MonitoredStateTable | keyof CheckRunColumns)[];

type Row = Pick<MonitoredStateTable & CheckRunColumns, (typeof columns)[number]> & {
  readonly kept_long_output: string | null;
};

/** Longer long outputs stay in the database, so that a service takes about 2 KiB at most; few queries ask for them. */
const maximumKeptCharacters = 512;
/** Between chunks others have their turn: SQLite answers on the thread that serves everybody. */
const idsPerChunk = 1000;

/** Hands each row of these services to `take`. */
export async function loadServiceStates(
  executor: Executor,
  dialect: Dialect,
  ids: readonly number[],
  take: (id: number, state: ViewedState) => void,
): Promise<void> {
  for (const chunk of chunksOf(ids, idsPerChunk)) {
    const rows = await executor
      .selectFrom("service_state")
      .select(["service_id", ...columns])
      .select(keptLongOutput())
      .where(sql<boolean>`service_id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) take(row.service_id, stateOf(row));
    await turnOfOthers();
  }
}

/** Hands each row of these hosts to `take`. */
export async function loadHostStates(
  executor: Executor,
  dialect: Dialect,
  ids: readonly number[],
  take: (id: number, state: ViewedState) => void,
): Promise<void> {
  for (const chunk of chunksOf(ids, idsPerChunk)) {
    const rows = await executor
      .selectFrom("host_state")
      .select(["host_id", ...columns])
      .select(keptLongOutput())
      .where(sql<boolean>`host_id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) take(row.host_id, stateOf(row));
    await turnOfOthers();
  }
}

/** The ids whose row was written since its version was `versionOf(id)`. Reads two numbers a row, so asking for all is cheap. */
export async function readChangedVersions(
  executor: Executor,
  table: "service_state" | "host_state",
  versionOf: (id: number) => number | undefined,
): Promise<number[]> {
  const key = table === "service_state" ? "service_id" : "host_id";
  const changed: number[] = [];
  let after = -1;
  const perChunk = 10_000;
  while (true) {
    const { rows } = await sql<{ id: number; version: number }>`
      select ${sql.ref(key)} as id, version from ${sql.table(table)} where ${sql.ref(key)} > ${after}
      order by ${sql.ref(key)} limit ${sql.lit(perChunk)}`.execute(executor);
    for (const { id, version } of rows) {
      const known = versionOf(id);
      if (known !== undefined && known !== version) changed.push(id);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < perChunk) return changed;
    after = last.id;
    await turnOfOthers();
  }
}

/** Long outputs that are not kept in memory, by id of the service or host. */
export async function loadLongOutputs(
  executor: Executor,
  dialect: Dialect,
  kind: "service" | "host",
  ids: readonly number[],
): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const key = kind === "service" ? "service_id" : "host_id";
  for (const chunk of chunksOf(ids, idsPerChunk)) {
    const { rows } = await sql<{ id: number; long_output: string }>`
      select ${sql.ref(key)} as id, long_output from ${sql.table(`${kind}_state`)}
      where ${sql.ref(key)} in ${idList(dialect, chunk)}`.execute(executor);
    for (const { id, long_output } of rows) found.set(id, long_output);
    await turnOfOthers();
  }
  return found;
}

/** Lets what waits for this thread run. */
export function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function keptLongOutput() {
  return sql<
    string | null
  >`case when length(long_output) <= ${sql.lit(maximumKeptCharacters)} then long_output else null end`.as(
    "kept_long_output",
  );
}

// Every field in one order: all states then share one hidden class, which keeps them small and their reading fast.
function stateOf(row: Row): ViewedState {
  return {
    version: row.version,
    state: row.state,
    isHard: row.is_hard === 1,
    attempt: row.attempt,
    hasBeenChecked: row.has_been_checked === 1,
    isStale: row.is_stale === 1,
    isFlapping: row.is_flapping === 1,
    isPassive: row.is_passive === 1,
    lastHardState: row.last_hard_state,
    percentStateChange: row.percent_state_change,
    output: row.output,
    longOutput: row.kept_long_output ?? "",
    hasMoreOutput: row.kept_long_output === null,
    perfdata: row.perfdata,
    lastCheckAtMs: row.last_check_at_ms,
    lastReceivedAtMs: row.last_received_at_ms,
    lastStateChangeAtMs: row.last_state_change_at_ms,
    lastHardStateChangeAtMs: row.last_hard_state_change_at_ms,
    lastOkAtMs: row.last_ok_at_ms,
    problemId: row.problem_id,
    acknowledgementId: row.acknowledgement_id,
    nextCheckAtMs: row.next_check_at_ms,
    executionTimeSeconds: row.execution_time_seconds,
    latencySeconds: row.latency_seconds,
  };
}
