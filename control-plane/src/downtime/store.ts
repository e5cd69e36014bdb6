import { type Downtime, DowntimeFilter, type DowntimeInput, type DowntimePhase } from "@mycloud/protocol/downtime";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { matchesService, type SelectableHost, ServiceSelector } from "@mycloud/protocol/selector";
import { type ExpressionBuilder, type Selectable, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { Database, DowntimeTable } from "../database/schema.ts";
import { hasWords, isOneOf, parseListFilter, readList } from "../http/list-query.ts";
import { idList } from "../monitored/id-list.ts";
import type { Scope } from "../scope/index.ts";
import { downtimePhase } from "./downtime-phase.ts";

function downtimesIn(executor: Executor, scope: Scope) {
  const downtimes = executor.selectFrom("downtime");
  return scope.kind === "all" ? downtimes : downtimes.where("customer", "=", scope.customer);
}

/** Finds the object a filter names; null when it does not exist or is not seen. */
export type FindSubject = (
  hostId: number | undefined,
  serviceId: number | undefined,
) => Promise<{
  readonly host: SelectableHost & { readonly customer: string | null };
  readonly serviceName: string | null;
} | null>;

export async function listDowntimes(
  executor: Executor,
  dialect: Dialect,
  scope: Scope,
  query: ListQuery,
  nowMs: number,
  findSubject: FindSubject,
): Promise<ListAnswer<Downtime>> {
  const names = ["id", "q", "phase", "hostId", "serviceId"];
  const { hostId, serviceId } = parseListFilter(query.filter, DowntimeFilter, names);
  const covering =
    hostId === undefined && serviceId === undefined
      ? null
      : await findCovering(executor, scope, await findSubject(hostId, serviceId));
  const ifCovering = () => (covering === null ? sql<boolean>`1 = 1` : sql<boolean>`id in ${idList(dialect, covering)}`);
  return await readList({
    query,
    filterSchema: DowntimeFilter,
    from: downtimesIn(executor, scope),
    select: (rows) => rows.selectAll(),
    sortable: {
      id: "id",
      startAtMs: "start_at_ms",
      endAtMs: "end_at_ms",
      authorName: "author_name",
      createdAtMs: "created_at_ms",
    },
    defaultSort: "startAtMs",
    defaultOrder: "DESC",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["comment", "author_name"], words),
      phase: (eb, phase) => eb.or([phase].flat().map((one) => isInPhase(eb, one, nowMs))),
      hostId: ifCovering,
      serviceId: ifCovering,
    },
    toItem: (row) => toDowntime(row, nowMs),
  });
}

function isInPhase(eb: ExpressionBuilder<Database, "downtime">, phase: DowntimePhase, nowMs: number) {
  if (phase === "cancelled") return eb("cancelled_at_ms", "is not", null);
  const inTime = {
    pending: eb("start_at_ms", ">", nowMs),
    active: eb.and([eb("start_at_ms", "<=", nowMs), eb("end_at_ms", ">", nowMs)]),
    expired: eb("end_at_ms", "<=", nowMs),
  };
  return eb.and([eb("cancelled_at_ms", "is", null), inTime[phase]]);
}

/** Selectors are matched here and not in SQL: downtimes are few, and this way there is one reading of a selector. */
async function findCovering(
  executor: Executor,
  scope: Scope,
  subject: Awaited<ReturnType<FindSubject>>,
): Promise<number[]> {
  if (subject === null) return [];
  const { host, serviceName } = subject;
  const rows = await downtimesIn(executor, scope).select(["id", "selector_json", "customer"]).execute();
  return rows
    .filter((row) => row.customer === null || row.customer === host.customer)
    .filter((row) =>
      matchesService(ServiceSelector.parse(JSON.parse(row.selector_json)), host, serviceName ?? undefined),
    )
    .map((row) => row.id);
}

export async function findDowntime(
  executor: Executor,
  scope: Scope,
  id: number,
  nowMs: number,
): Promise<Downtime | null> {
  const row = await downtimesIn(executor, scope).selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : toDowntime(row, nowMs);
}

/** Answers the new downtime's id. Bound to a customer, it covers that customer's hosts only. */
export async function insertDowntime(
  tx: Executor,
  input: DowntimeInput,
  by: { readonly authorName: string; readonly customer: string | null },
  nowMs: number,
): Promise<number> {
  const inserted = await tx
    .insertInto("downtime")
    .values({
      selector_json: JSON.stringify(input.selector),
      start_at_ms: input.startAtMs,
      end_at_ms: input.endAtMs,
      comment: input.comment,
      author_name: by.authorName,
      customer: by.customer,
      created_at_ms: nowMs,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return inserted.id;
}

/** Cancels a downtime that is neither over nor cancelled; false when it is. */
export async function cancelDowntime(tx: Executor, id: number, nowMs: number): Promise<boolean> {
  const cancelled = await tx
    .updateTable("downtime")
    .set({ cancelled_at_ms: nowMs })
    .where("id", "=", id)
    .where("cancelled_at_ms", "is", null)
    .where("end_at_ms", ">", nowMs)
    .executeTakeFirst();
  return cancelled.numUpdatedRows > 0n;
}

/** A downtime whose start or end has come and is not noted yet. */
export interface DueDowntime {
  readonly id: number;
  readonly comment: string;
}

/** Downtimes that have begun and are not noted as started. One that was cancelled before its start never starts. */
export async function findStarting(executor: Executor, nowMs: number): Promise<DueDowntime[]> {
  return await executor
    .selectFrom("downtime")
    .select(["id", "comment"])
    .where("started_at_ms", "is", null)
    .where("ended_at_ms", "is", null)
    .where("cancelled_at_ms", "is", null)
    .where("start_at_ms", "<=", nowMs)
    .orderBy("id")
    .execute();
}

/** Downtimes that are over or cancelled and not noted as ended. */
export async function findEnding(executor: Executor, nowMs: number): Promise<DueDowntime[]> {
  return await executor
    .selectFrom("downtime")
    .select(["id", "comment"])
    .where("ended_at_ms", "is", null)
    .where((eb) => eb.or([eb("end_at_ms", "<=", nowMs), eb("cancelled_at_ms", "is not", null)]))
    .orderBy("id")
    .execute();
}

/** Notes the start or end; true for the one caller who was first. */
export async function noteInstant(
  tx: Executor,
  column: "started_at_ms" | "ended_at_ms",
  id: number,
  nowMs: number,
): Promise<boolean> {
  const noted = await tx
    .updateTable("downtime")
    .set({ [column]: nowMs })
    .where("id", "=", id)
    .where(column, "is", null)
    .executeTakeFirst();
  return noted.numUpdatedRows > 0n;
}

function toDowntime(row: Selectable<DowntimeTable>, nowMs: number): Downtime {
  const instants = { startAtMs: row.start_at_ms, endAtMs: row.end_at_ms, cancelledAtMs: row.cancelled_at_ms };
  return {
    id: row.id,
    selector: ServiceSelector.parse(JSON.parse(row.selector_json)),
    ...instants,
    comment: row.comment,
    authorName: row.author_name,
    phase: downtimePhase(instants, nowMs),
    createdAtMs: row.created_at_ms,
  };
}
