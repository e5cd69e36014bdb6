import { hostStateName, serviceStateName } from "@mycloud/checks/state";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { defaultSettings } from "@mycloud/protocol/monitored";
import { type Problem, ProblemFilter, type RootProblem } from "@mycloud/protocol/problem";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { parseListFilter } from "../http/list-query.ts";
import { findInDowntime, hasLabelsSql, type InDowntime, idList, inGroupSql, isShownAs } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { impactOf } from "./impact.ts";
import { noProblemRoots, type ProblemRoots } from "./problem-roots.ts";
import { keyColumns, orderProblems, type ProblemKeyRow, problemKey, rankProblems } from "./rank-problems.ts";

/** An open problem as both halves of the list (hosts, services) give it. */
interface ProblemRow {
  problem_id: number | null;
  host_id: number;
  host_name: string;
  service_id: number | null;
  service_name: string | null;
  state: number;
  is_stale: number;
  is_hard: number;
  attempt: number;
  max_check_attempts: number;
  output: string;
  started_at_ms: number;
  last_check_at_ms: number | null;
  is_acknowledged: number;
  is_in_downtime: number;
  is_flapping: number;
  is_host_down: number;
  impact: number;
  is_handled: number;
}

/**
 * One page of what is wrong now: open problems and objects still SOFT. Unhandled ones come first, then by business impact, impact and age, unless
 * asked otherwise. Hosts and services are two halves joined in SQL, each through its index on the state, so the cost follows the number of
 * problems and not of services.
 */
export async function listProblems(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  query: ListQuery,
  nowMs: number,
  roots: ProblemRoots = noProblemRoots,
): Promise<ListAnswer<Problem>> {
  const filter = parseListFilter(query.filter, ProblemFilter, Object.keys(ProblemFilter.shape));
  const inDowntime = await findInDowntime(executor, dialect, nowMs);
  const problems = openProblems(dialect, scope, filter, inDowntime);
  const matching = filter.isHandled === undefined ? sql`1 = 1` : sql`problem.is_handled = ${filter.isHandled ? 1 : 0}`;
  // Roots are known here and not in SQL; what is bad is rarely more than some thousands of narrow rows.
  const keys = await sql<ProblemKeyRow>`
    select ${sql.join(keyColumns.map((column) => sql.ref(column)))} from (${problems}) as problem where ${matching}`.execute(
    executor,
  );
  const ranked = rankProblems(keys.rows, filter, roots);
  const ordered = orderProblems(ranked, query.sort, query.order);
  const page = ordered.slice((query.page - 1) * query.perPage, query.page * query.perPage);
  const rows = await readPage(executor, dialect, problems, page);
  const contacts = await findToldContacts(
    executor,
    dialect,
    rows.flatMap((row) => row.problem_id ?? []),
  );
  const data = rows.map((row) => toProblem(row, contacts, scope, roots));
  return { data, total: ordered.length };
}

/** The rows of one page in its order; one that got well meanwhile is left out. */
async function readPage(
  executor: Executor,
  dialect: Dialect,
  problems: RawBuilder<unknown>,
  page: readonly ProblemKeyRow[],
): Promise<ProblemRow[]> {
  if (page.length === 0) return [];
  const hostIds = page.flatMap((row) => (row.service_id === null ? [row.host_id] : []));
  const serviceIds = page.flatMap((row) => row.service_id ?? []);
  const { rows } = await sql<ProblemRow>`
    select * from (${problems}) as problem
    where problem.service_id in ${idList(dialect, serviceIds)}
      or (problem.service_id is null and problem.host_id in ${idList(dialect, hostIds)})`.execute(executor);
  const byKey = new Map(rows.map((row) => [problemKey(row), row]));
  return page.flatMap((row) => byKey.get(problemKey(row)) ?? []);
}

/** How many problems nobody takes care of, and how many somebody does. */
export async function countProblems(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  nowMs: number,
): Promise<{ unhandled: number; handled: number }> {
  const inDowntime = await findInDowntime(executor, dialect, nowMs);
  const { rows } = await sql<{ is_handled: number; total: number }>`
    select is_handled, count(*) as total from (${openProblems(dialect, scope, {}, inDowntime)}) as problem
    group by is_handled`.execute(executor);
  const of = (isHandled: number) => Number(rows.find((row) => row.is_handled === isHandled)?.total ?? 0);
  return { unhandled: of(0), handled: of(1) };
}

function openProblems(
  dialect: Dialect,
  scope: Scope,
  filter: ProblemFilter,
  inDowntime: InDowntime,
): RawBuilder<unknown> {
  const hostDown = sql`case when host_state.is_stale = 1 or (host_state.is_hard = 1 and host_state.state <> 0) then 1 else 0 end`;
  const services = sql`
    select service_state.problem_id, host.id as host_id, host.name as host_name, service.id as service_id,
      service.name as service_name, service_state.state, service_state.is_stale, service_state.is_hard, service_state.attempt,
      coalesce(check_definition.max_check_attempts, service.max_check_attempts) as max_check_attempts, service_state.output,
      coalesce(problem.started_at_ms, service_state.last_state_change_at_ms, service.created_at_ms) as started_at_ms,
      service_state.last_check_at_ms, case when service_state.acknowledgement_id is null then 0 else 1 end as is_acknowledged,
      case when ${inDowntime.service} then 1 else 0 end as is_in_downtime, service_state.is_flapping, ${hostDown} as is_host_down,
      case when service_state.is_stale = 1 then 2 when service_state.state = 1 then 1 when service_state.state = 2 then 4 else 3 end as impact,
      case when service_state.acknowledgement_id is not null or ${inDowntime.service} or ${hostDown} = 1 then 1 else 0 end as is_handled
    from service_state
    join service on service.id = service_state.service_id
    join host on host.id = service.host_id
    join host_state on host_state.host_id = host.id
    left join check_definition on check_definition.id = service.check_id
    left join problem on problem.id = service_state.problem_id
    where (service_state.state > 0 or service_state.is_stale = 1) and ${conditionsOf("service_state", dialect, scope, filter)}`;
  const hosts = sql`
    select host_state.problem_id, host.id as host_id, host.name as host_name, null as service_id, null as service_name,
      host_state.state, host_state.is_stale, host_state.is_hard, host_state.attempt, host.max_check_attempts, host_state.output,
      coalesce(problem.started_at_ms, host_state.last_state_change_at_ms, host.created_at_ms) as started_at_ms,
      host_state.last_check_at_ms, case when host_state.acknowledgement_id is null then 0 else 1 end as is_acknowledged,
      case when ${inDowntime.host} then 1 else 0 end as is_in_downtime, host_state.is_flapping, 0 as is_host_down,
      case when host_state.is_stale = 1 then 2 else 5 end as impact,
      case when host_state.acknowledgement_id is not null or ${inDowntime.host} then 1 else 0 end as is_handled
    from host_state
    join host on host.id = host_state.host_id
    left join problem on problem.id = host_state.problem_id
    where (host_state.state > 0 or host_state.is_stale = 1) and ${conditionsOf("host_state", dialect, scope, filter)}`;
  return sql`${services} union all ${hosts}`;
}

function conditionsOf(
  table: "service_state" | "host_state",
  dialect: Dialect,
  scope: Scope,
  filter: ProblemFilter,
): RawBuilder<SqlBool> {
  const conditions: RawBuilder<unknown>[] = [sql`1 = 1`];
  if (scope.kind === "customer") conditions.push(sql`host.customer = ${scope.customer}`);
  if (filter.hostId !== undefined) conditions.push(sql`host.id = ${filter.hostId}`);
  if (filter.group !== undefined) conditions.push(inGroupSql(dialect.kind, filter.group));
  if (filter.label !== undefined) conditions.push(hasLabelsSql(dialect.kind, filter.label));
  if (filter.state !== undefined) {
    conditions.push(isShownAs(table, typeof filter.state === "string" ? [filter.state] : filter.state));
  }
  if (filter.id !== undefined) {
    const ids = typeof filter.id === "number" ? [filter.id] : filter.id;
    conditions.push(sql`${sql.ref(`${table}.problem_id`)} in ${idList(dialect, ids)}`);
  }
  const columns = table === "service_state" ? ["host.name", "service.name"] : ["host.name"];
  for (const word of filter.q?.toLowerCase().match(/\S+/g) ?? []) {
    const places = [...columns, `${table}.output`].map((column) => sql`instr(lower(${sql.ref(column)}), ${word}) > 0`);
    conditions.push(sql`(${sql.join(places, sql` or `)})`);
  }
  return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/** The first root that whoever asks may see. */
export function shownRoot(keys: readonly string[], scope: Scope, roots: ProblemRoots): RootProblem | null {
  const seen = keys.flatMap((key) => roots.objectOf(key) ?? []);
  const root = seen.find(({ customer }) => scope.kind === "all" || customer === scope.customer);
  if (root === undefined) return null;
  const { key, hostId, hostName, serviceId, serviceName } = root;
  return { key, hostId, hostName, serviceId, serviceName };
}

async function findToldContacts(
  executor: Executor,
  dialect: Dialect,
  problemIds: readonly number[],
): Promise<ReadonlyMap<number, string[]>> {
  const names = new Map<number, string[]>();
  if (problemIds.length === 0) return names;
  const rows = await executor
    .selectFrom("notification")
    .select(["problem_id", "contact_name"])
    .distinct()
    .where(sql<boolean>`problem_id in ${idList(dialect, problemIds)}`)
    .execute();
  for (const { problem_id: id, contact_name: name } of rows) {
    if (id !== null) names.set(id, [...(names.get(id) ?? []), name]);
  }
  return names;
}

function toProblem(
  row: ProblemRow,
  contacts: ReadonlyMap<number, string[]>,
  scope: Scope,
  roots: ProblemRoots,
): Problem {
  const key = problemKey(row);
  const rooted = roots.find(key);
  const isHost = row.service_id === null;
  const behind = isHost ? hostStateName(row.state) : serviceStateName(row.state);
  const state = row.is_stale === 1 ? "STALE" : behind;
  return {
    id: row.problem_id,
    key,
    hostId: row.host_id,
    hostName: row.host_name,
    serviceId: row.service_id,
    serviceName: row.service_name,
    state,
    stateType: row.is_hard === 1 || row.is_stale === 1 ? "HARD" : "SOFT",
    attempt: row.attempt,
    maxCheckAttempts: row.max_check_attempts,
    output: row.output,
    startedAtMs: row.started_at_ms,
    endedAtMs: null,
    lastCheckAtMs: row.last_check_at_ms,
    isAcknowledged: row.is_acknowledged === 1,
    isInDowntime: row.is_in_downtime === 1,
    isFlapping: row.is_flapping === 1,
    isHostDown: row.is_host_down === 1,
    impact: impactOf(state),
    businessImpact: rooted?.businessImpact ?? defaultSettings.businessImpact,
    rootProblem: shownRoot(rooted?.roots ?? [], scope, roots),
    impactCount: rooted?.impactCount ?? 0,
    notifiedContactNames: row.problem_id === null ? [] : (contacts.get(row.problem_id) ?? []),
  };
}
