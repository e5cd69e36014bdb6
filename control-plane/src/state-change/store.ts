import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import {
  type EventHandlerRun,
  type StateChange,
  StateChangeFilter,
  StateChangeKind,
} from "@mycloud/protocol/state-change";
import { type Selectable, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { StateChangeTable } from "../database/schema.ts";
import { findEventHandlerRuns } from "../event-handler/find-runs.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import { idList } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";

function changesIn(executor: Executor, scope: Scope) {
  const changes = executor
    .selectFrom("state_change")
    .innerJoin("host", "host.id", "state_change.host_id")
    .leftJoin("service", "service.id", "state_change.service_id");
  return scope.kind === "all" ? changes : changes.where("host.customer", "=", scope.customer);
}

type ChangeRow = Selectable<StateChangeTable> & { host_name: string; service_name: string | null };

/** One page of the state history with who was told of each change, newest first unless asked otherwise. */
export async function listStateChanges(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  query: ListQuery,
): Promise<ListAnswer<StateChange>> {
  const { data, total } = await readList({
    query,
    filterSchema: StateChangeFilter,
    from: changesIn(executor, scope),
    select: (rows) => rows.selectAll("state_change").select(["host.name as host_name", "service.name as service_name"]),
    sortable: { id: "state_change.id", atMs: "state_change.at_ms", hostName: "host.name", serviceName: "service.name" },
    defaultSort: "id",
    defaultOrder: "DESC",
    idColumn: "state_change.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "state_change.id", id),
      q: (eb, words) => hasWords(eb, ["state_change.output", "host.name", "service.name"], words),
      hostId: (eb, hostId) => eb("state_change.host_id", "=", hostId),
      serviceId: (eb, serviceId) =>
        serviceId === null ? eb("state_change.service_id", "is", null) : eb("state_change.service_id", "=", serviceId),
      kind: (eb, kind) => isOneOf(eb, "state_change.kind", kind),
      stateType: (eb, stateType) => eb("state_change.is_hard", "=", stateType === "HARD" ? 1 : 0),
      problemId: (eb, problemId) => eb("state_change.problem_id", "=", problemId),
      fromMs: (eb, fromMs) => eb("state_change.at_ms", ">=", fromMs),
      untilMs: (eb, untilMs) => eb("state_change.at_ms", "<", untilMs),
    },
    toItem: (row: ChangeRow) => row,
  });
  return { data: await completeChanges(executor, dialect, data), total };
}

/** The newest changes in the scope, by when they happened: an agent that catches up reports old ones late. */
export async function findNewestChanges(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  limit: number,
): Promise<StateChange[]> {
  const rows = await changesIn(executor, scope)
    .selectAll("state_change")
    .select(["host.name as host_name", "service.name as service_name"])
    .orderBy("state_change.at_ms", "desc")
    .orderBy("state_change.id", "desc")
    .limit(limit)
    .execute();
  return await completeChanges(executor, dialect, rows);
}

async function completeChanges(
  executor: Executor,
  dialect: Dialect,
  rows: readonly ChangeRow[],
): Promise<StateChange[]> {
  const told = await findToldContacts(
    executor,
    dialect,
    rows.filter((row) => row.is_notified === 1).map((row) => row.id),
  );
  const handled = await findEventHandlerRuns(
    executor,
    dialect,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    id: row.id,
    hostId: row.host_id,
    hostName: row.host_name,
    serviceId: row.service_id,
    serviceName: row.service_name,
    kind: StateChangeKind.parse(row.kind),
    fromState: row.from_state,
    toState: row.to_state,
    stateType: row.is_hard === 1 ? "HARD" : "SOFT",
    attempt: row.attempt,
    output: row.output,
    atMs: row.at_ms,
    problemId: row.problem_id,
    notification:
      row.is_notified === null
        ? null
        : {
            isNotified: row.is_notified === 1,
            reason: row.notification_reason ?? "",
            message: row.notification_message ?? "",
            contactNames: told.get(row.id) ?? [],
          },
    ...eventHandlersOf(handled.get(row.id)),
  }));
}

function eventHandlersOf(runs: EventHandlerRun[] | undefined): Pick<StateChange, "eventHandlers"> {
  return runs === undefined ? {} : { eventHandlers: runs };
}

async function findToldContacts(
  executor: Executor,
  dialect: Dialect,
  changeIds: readonly number[],
): Promise<ReadonlyMap<number, string[]>> {
  const names = new Map<number, string[]>();
  if (changeIds.length === 0) return names;
  const rows = await executor
    .selectFrom("notification")
    .select(["state_change_id", "contact_name"])
    .distinct()
    .where(sql<boolean>`state_change_id in ${idList(dialect, changeIds)}`)
    .execute();
  for (const { state_change_id: id, contact_name: name } of rows) {
    if (id === null) continue;
    names.set(id, [...(names.get(id) ?? []), name]);
  }
  return names;
}
