import type { MonitoredState } from "@mycloud/checks/state";
import { type RawBuilder, sql } from "kysely";
import type { Dialect, Executor, Row } from "../database/dialect/dialect.ts";
import type { CheckRunColumns, MonitoredStateTable } from "../database/schema.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/index.ts";
import type { OpenAcknowledgement, StoredState } from "./stored-state.ts";

const stateColumns = [
  "state",
  "is_hard",
  "attempt",
  "has_been_checked",
  "last_hard_state",
  "had_host_problem",
  "flap_history",
  "percent_state_change",
  "is_flapping",
  "is_stale",
  "last_check_at_ms",
  "last_received_at_ms",
  "last_state_change_at_ms",
  "last_hard_state_change_at_ms",
  "last_ok_at_ms",
  "problem_id",
  "acknowledgement_id",
  "overdue_at_ms",
  "is_passive",
  "version",
] as const satisfies readonly (keyof MonitoredStateTable)[];

type StateRow = Pick<MonitoredStateTable, (typeof stateColumns)[number]>;

const reportColumns = [
  "output",
  "long_output",
  "perfdata",
  "next_check_at_ms",
  "execution_time_seconds",
  "latency_seconds",
] as const satisfies readonly (keyof MonitoredStateTable | keyof CheckRunColumns)[];
const serviceReportColumns = ["is_clock_skewed"] as const;

/**
 * Locks and reads the state rows of services that exist, by service id. `hostIdOf` gives the host of each; a row without one is left
 * out. Locks in ascending order, so that two control planes do not deadlock.
 */
export async function lockServiceStates(
  executor: Executor,
  dialect: Dialect,
  serviceIds: readonly number[],
  hostIdOf: (serviceId: number) => number | undefined,
): Promise<Map<number, StoredState>> {
  const states = new Map<number, StoredState>();
  for (const chunk of chunksOf(serviceIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("service_state")
      .select("service_id")
      .select(stateColumns)
      .where(sql<boolean>`service_id in ${idList(dialect, chunk)}`)
      .orderBy("service_id")
      .modifyEnd(dialect.forUpdate)
      .execute();
    for (const row of rows) {
      const hostId = hostIdOf(row.service_id);
      if (hostId !== undefined) states.set(row.service_id, storedState(row, hostId, row.service_id));
    }
  }
  await attachOpenEntries(executor, dialect, states);
  return states;
}

/** Locks and reads the state rows of hosts that exist, by host id, in ascending order. */
export async function lockHostStates(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
): Promise<Map<number, StoredState>> {
  const states = new Map<number, StoredState>();
  for (const chunk of chunksOf(hostIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("host_state")
      .select("host_id")
      .select(stateColumns)
      .where(sql<boolean>`host_id in ${idList(dialect, chunk)}`)
      .orderBy("host_id")
      .modifyEnd(dialect.forUpdate)
      .execute();
    for (const row of rows) states.set(row.host_id, storedState(row, row.host_id, null));
  }
  await attachOpenEntries(executor, dialect, states);
  return states;
}

/** How hosts are, as far as their services' results depend on it; read without locking. */
export interface HostCondition {
  /** UP, believed or not. */
  readonly isUp: boolean;
  /** HARD DOWN or UNREACHABLE, or stale: its services' problems are the host's. */
  readonly isDown: boolean;
}

export function hostConditionOf(state: Pick<MonitoredState, "state" | "isHard" | "isStale">): HostCondition {
  return { isUp: state.state === 0, isDown: state.isStale || (state.isHard && state.state !== 0) };
}

export async function findHostConditions(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
): Promise<Map<number, HostCondition>> {
  const conditions = new Map<number, HostCondition>();
  for (const chunk of chunksOf(hostIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("host_state")
      .select(["host_id", "state", "is_hard", "is_stale"])
      .where(sql<boolean>`host_id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) {
      const { state } = row;
      conditions.set(row.host_id, hostConditionOf({ state, isHard: row.is_hard === 1, isStale: row.is_stale === 1 }));
    }
  }
  return conditions;
}

/** Writes the states that changed. The rows must be locked by this transaction. */
export async function saveStates(executor: Executor, dialect: Dialect, states: Iterable<StoredState>): Promise<void> {
  const hosts = emptyGroups();
  const services = emptyGroups();
  for (const state of states) {
    if (!state.isChanged) continue;
    const groups = state.serviceId === null ? hosts : services;
    if (state.firstResultAtMs !== undefined) {
      const id = state.serviceId ?? state.hostId;
      if (state.firstResultAtMs === state.state.lastCheckAtMs) groups.first.push(id);
      else groups.firstOfSeveral.push({ id, atMs: state.firstResultAtMs });
    }
    if (state.lastOkOutput === "stored") groups.leavingOk.push(state.serviceId ?? state.hostId);
    if (state.report === undefined) groups.quiet.push(state);
    else if (typeof state.lastOkOutput === "object") groups.withOkOutput.push(state);
    else groups.reported.push(state);
  }
  await keepOkOutputs(executor, dialect, hosts.leavingOk, services.leavingOk);
  await saveHosts(executor, dialect, hosts);
  await saveServices(executor, dialect, services);
  await noteFirstResults(executor, dialect, "host_state", "host_id", hosts);
  await noteFirstResults(executor, dialect, "service_state", "service_id", services);
}

/** Remembers since when anything is known: a first result that is OK leaves no entry in the history. */
async function noteFirstResults(
  executor: Executor,
  dialect: Dialect,
  table: "host_state" | "service_state",
  key: "host_id" | "service_id",
  { first, firstOfSeveral }: Pick<StatesByColumns, "first" | "firstOfSeveral">,
): Promise<void> {
  const note = async (ids: readonly number[], atMs: RawBuilder<unknown>) => {
    const own = sql`${sql.ref(key)} in ${idList(dialect, ids)}`;
    await sql`update ${sql.table(table)} set first_checked_at_ms = ${atMs}
      where ${own} and first_checked_at_ms is null`.execute(executor);
    const gaps = sql.table(table === "host_state" ? "host_watch_gap" : "watch_gap");
    const present = sql`select ${atMs} from ${sql.table(table)} as present where present.${sql.ref(key)} = ${gaps}.${sql.ref(key)}`;
    await sql`update ${gaps} set until_at_ms = (${present}) where ${own} and until_at_ms is null`.execute(executor);
  };
  for (const chunk of chunksOf(first, idsPerQuery)) await note(chunk, sql.ref("last_check_at_ms"));
  // A backlog delivered at once: rare, so one by one.
  for (const { id, atMs } of firstOfSeveral) await note([id], sql.val(atMs));
}

/** Remembers the output now in the rows as the last OK one, before the next one overwrites it. */
async function keepOkOutputs(
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  serviceIds: readonly number[],
): Promise<void> {
  for (const chunk of chunksOf(hostIds, idsPerQuery)) {
    await executor
      .updateTable("host_state")
      .set((eb) => ({ last_ok_output: eb.ref("output") }))
      .where(sql<boolean>`host_id in ${idList(dialect, chunk)}`)
      .execute();
  }
  for (const chunk of chunksOf(serviceIds, idsPerQuery)) {
    await executor
      .updateTable("service_state")
      .set((eb) => ({ last_ok_output: eb.ref("output") }))
      .where(sql<boolean>`service_id in ${idList(dialect, chunk)}`)
      .execute();
  }
}

/** Rows by the columns they write: what is not written keeps its value, such as the output behind a stale mark. */
interface StatesByColumns {
  readonly quiet: StoredState[];
  readonly reported: StoredState[];
  readonly withOkOutput: StoredState[];
  /** Ids of those whose stored output becomes the last OK one. */
  readonly leavingOk: number[];
  /** Ids of those whose first result this is. */
  readonly first: number[];
  /** Those of whom the first and later results came in this transaction, with when the first was measured. */
  readonly firstOfSeveral: { readonly id: number; readonly atMs: number }[];
}

function emptyGroups(): StatesByColumns {
  return { quiet: [], reported: [], withOkOutput: [], leavingOk: [], first: [], firstOfSeveral: [] };
}

async function saveHosts(executor: Executor, dialect: Dialect, { quiet, reported, withOkOutput }: StatesByColumns) {
  const columns = ["host_id", ...stateColumns, ...reportColumns] as const;
  const key = ["host_id"] as const;
  await dialect.upsertMany(executor, "host_state", columns, quiet.map(hostReportRow), key, stateColumns);
  await dialect.upsertMany(executor, "host_state", columns, reported.map(hostReportRow), key);
  const withOk = (state: StoredState) => [...hostReportRow(state), okOutputOf(state)];
  await dialect.upsertMany(executor, "host_state", [...columns, "last_ok_output"], withOkOutput.map(withOk), key);
}

async function saveServices(executor: Executor, dialect: Dialect, { quiet, reported, withOkOutput }: StatesByColumns) {
  const columns = ["service_id", ...stateColumns, ...reportColumns, ...serviceReportColumns] as const;
  const key = ["service_id"] as const;
  await dialect.upsertMany(executor, "service_state", columns, quiet.map(serviceReportRow), key, stateColumns);
  await dialect.upsertMany(executor, "service_state", columns, reported.map(serviceReportRow), key);
  const withOk = (state: StoredState) => [...serviceReportRow(state), okOutputOf(state)];
  await dialect.upsertMany(executor, "service_state", [...columns, "last_ok_output"], withOkOutput.map(withOk), key);
}

function okOutputOf({ lastOkOutput }: StoredState): string | null {
  return typeof lastOkOutput === "object" ? lastOkOutput.text : null;
}

function hostReportRow(stored: StoredState): Row {
  return [stored.hostId, ...stateValues(stored), ...reportValues(stored)];
}

function serviceReportRow(stored: StoredState): Row {
  const isClockSkewed = stored.report?.isClockSkewed ? 1 : 0;
  return [stored.serviceId, ...stateValues(stored), ...reportValues(stored), isClockSkewed];
}

function reportValues({ report }: StoredState): Row {
  return [
    report?.output ?? "",
    report?.longOutput ?? "",
    report?.perfdata ?? "",
    report?.nextCheckAtMs ?? null,
    report?.executionTimeSeconds ?? null,
    report?.latencySeconds ?? null,
  ];
}

function stateValues(stored: StoredState): Row {
  const { state } = stored;
  return [
    state.state,
    state.isHard ? 1 : 0,
    state.attempt,
    state.hasBeenChecked ? 1 : 0,
    state.lastHardState,
    state.hadHostProblem ? 1 : 0,
    state.flapHistory,
    state.percentStateChange,
    state.isFlapping ? 1 : 0,
    state.isStale ? 1 : 0,
    state.lastCheckAtMs,
    stored.lastReceivedAtMs,
    state.lastStateChangeAtMs,
    state.lastHardStateChangeAtMs,
    state.lastOkAtMs,
    stored.problem?.id ?? null,
    stored.acknowledgement?.id ?? null,
    stored.overdueAtMs,
    stored.isPassive ? 1 : 0,
    stored.version + 1,
  ];
}

function storedState(row: StateRow, hostId: number, serviceId: number | null): StoredState {
  return {
    hostId,
    serviceId,
    state: {
      state: row.state,
      isHard: row.is_hard === 1,
      attempt: row.attempt,
      hasBeenChecked: row.has_been_checked === 1,
      isStale: row.is_stale === 1,
      lastHardState: row.last_hard_state,
      hadHostProblem: row.had_host_problem === 1,
      flapHistory: row.flap_history,
      percentStateChange: row.percent_state_change,
      isFlapping: row.is_flapping === 1,
      lastCheckAtMs: row.last_check_at_ms,
      lastOkAtMs: row.last_ok_at_ms,
      lastStateChangeAtMs: row.last_state_change_at_ms,
      lastHardStateChangeAtMs: row.last_hard_state_change_at_ms,
    },
    // Completed by attachOpenEntries, for the few that have one.
    problem: row.problem_id === null ? null : unread(row.problem_id, hostId, serviceId),
    acknowledgement:
      row.acknowledgement_id === null ? null : { id: row.acknowledgement_id, isSticky: true, untilWorseThan: null },
    overdueAtMs: row.overdue_at_ms,
    lastReceivedAtMs: row.last_received_at_ms,
    isPassive: row.is_passive === 1,
    version: row.version,
    report: undefined,
    lastOkOutput: undefined,
    isChanged: false,
  };
}

function unread(id: number, hostId: number, serviceId: number | null) {
  return { id, hostId, serviceId, startedAtMs: 0, threadKey: "", endedAtMs: null };
}

/** Reads the open problems and acknowledgements of the states that have one. A problem that is gone (deleted by hand) counts as none. */
async function attachOpenEntries(
  executor: Executor,
  dialect: Dialect,
  states: ReadonlyMap<number, StoredState>,
): Promise<void> {
  const problemIds: number[] = [];
  const acknowledgementIds: number[] = [];
  for (const { problem, acknowledgement } of states.values()) {
    if (problem?.id) problemIds.push(problem.id);
    if (acknowledgement) acknowledgementIds.push(acknowledgement.id);
  }
  const problems = new Map<number, { started_at_ms: number; thread_key: string }>();
  for (const chunk of chunksOf(problemIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("problem")
      .select(["id", "started_at_ms", "thread_key"])
      .where(sql<boolean>`id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) problems.set(row.id, row);
  }
  const acknowledgements = new Map<number, OpenAcknowledgement>();
  for (const chunk of chunksOf(acknowledgementIds, idsPerQuery)) {
    const rows = await executor
      .selectFrom("acknowledgement")
      .select(["id", "is_sticky", "is_until_worse", "state"])
      .where(sql<boolean>`id in ${idList(dialect, chunk)}`)
      .execute();
    for (const { id, is_sticky, is_until_worse, state } of rows) {
      acknowledgements.set(id, { id, isSticky: is_sticky === 1, untilWorseThan: is_until_worse === 1 ? state : null });
    }
  }
  for (const stored of states.values()) {
    if (stored.problem?.id) {
      const row = problems.get(stored.problem.id);
      stored.problem = row ? { ...stored.problem, startedAtMs: row.started_at_ms, threadKey: row.thread_key } : null;
    }
    if (stored.acknowledgement) {
      stored.acknowledgement = acknowledgements.get(stored.acknowledgement.id) ?? null;
    }
  }
}
