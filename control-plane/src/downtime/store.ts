import { type Downtime, DowntimeFilter, type DowntimeInput, type DowntimePhase } from "@mycloud/protocol/downtime";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { matchesService, type SelectableHost, ServiceSelector } from "@mycloud/protocol/selector";
import { type RawBuilder, type Selectable, type SqlBool, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { DowntimeTable } from "../database/schema.ts";
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
  const names = ["id", "q", "phase", "hostId", "serviceId", "recurringName"];
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
    select: (rows) => rows.selectAll("downtime").select(activeObjects(nowMs).as("active_objects")),
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
      phase: (eb, phase) => eb.or([phase].flat().map((one) => isInPhase(one, nowMs))),
      recurringName: (eb, name) => eb("recurring_name", "=", name),
      hostId: ifCovering,
      serviceId: ifCovering,
    },
    toItem: (row) => toDowntime(row, nowMs),
  });
}

/** `downtimePhase` in SQL; a test holds both against each other. */
function isInPhase(phase: DowntimePhase, nowMs: number): RawBuilder<SqlBool> {
  if (phase === "cancelled") return sql<SqlBool>`cancelled_at_ms is not null`;
  const from = sql`case when triggered_by_id is not null then triggered_at_ms when is_fixed = 1 then start_at_ms end`;
  const until = sql`case when is_fixed = 1 then end_at_ms when triggered_by_id is not null
    then triggered_at_ms + duration_seconds * 1000 end`;
  const isQuiet = sql`(coalesce(${from} <= ${nowMs} and ${until} > ${nowMs}, 0) = 1 or ${activeObjects(nowMs)} > 0)`;
  // Without a span there is the window alone: a flexible one, or one whose trigger has not begun.
  const isOver = sql`case when ${from} is null then end_at_ms <= ${nowMs} else ${until} <= ${nowMs} end`;
  const inTime = {
    pending: sql`not ${isQuiet} and not (${isOver})`,
    active: isQuiet,
    expired: sql`not ${isQuiet} and (${isOver})`,
  };
  return sql<SqlBool>`(cancelled_at_ms is null and ${inTime[phase]})`;
}

/** For how many objects a flexible downtime is in effect, as a value of a row of `downtime`. */
function activeObjects(nowMs: number): RawBuilder<number> {
  return sql<number>`(select count(*) from downtime_activation activation where activation.downtime_id = downtime.id
    and activation.ended_at_ms is null and activation.ends_at_ms > ${nowMs})`;
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
  const row = await downtimesIn(executor, scope)
    .selectAll("downtime")
    .select(activeObjects(nowMs).as("active_objects"))
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : toDowntime(row, nowMs);
}

/** Those that are pending or active, oldest first. */
export async function findOpenDowntimes(executor: Executor, scope: Scope, nowMs: number): Promise<Downtime[]> {
  const rows = await downtimesIn(executor, scope)
    .selectAll("downtime")
    .select(activeObjects(nowMs).as("active_objects"))
    .where((eb) => eb.or([isInPhase("pending", nowMs), isInPhase("active", nowMs)]))
    .orderBy("id")
    .execute();
  return rows.map((row) => toDowntime(row, nowMs));
}

/** Answers the new downtime's id. Bound to a customer, it covers that customer's hosts only. */
export async function insertDowntime(
  tx: Executor,
  input: DowntimeInput,
  by: { readonly authorName: string; readonly customer: string | null; readonly userId: number | null },
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
      user_id: by.userId,
      is_fixed: input.isFixed ? 1 : 0,
      duration_seconds: input.durationSeconds,
      triggered_by_id: input.triggeredById,
      reminder_seconds: input.reminderSeconds,
      created_at_ms: nowMs,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return inserted.id;
}

/** Changes when a downtime is, and what is said of it; the reminder of its end is due again. */
export async function changeDowntime(
  tx: Executor,
  id: number,
  to: {
    readonly startAtMs?: number;
    readonly endAtMs: number;
    readonly comment: string;
    readonly authorName: string;
  },
): Promise<void> {
  await tx
    .updateTable("downtime")
    .set({
      ...(to.startAtMs === undefined ? {} : { start_at_ms: to.startAtMs }),
      end_at_ms: to.endAtMs,
      comment: to.comment,
      author_name: to.authorName,
      reminded_at_ms: null,
    })
    .where("id", "=", id)
    .where("cancelled_at_ms", "is", null)
    .execute();
}

/** Cancels a downtime that is neither over nor cancelled, for the objects it began for as well; false when it is. */
export async function cancelDowntime(tx: Executor, id: number, nowMs: number): Promise<boolean> {
  const cancelled = await tx
    .updateTable("downtime")
    .set({ cancelled_at_ms: nowMs })
    .where("id", "=", id)
    .where("cancelled_at_ms", "is", null)
    .where((eb) => eb.or([isInPhase("pending", nowMs), isInPhase("active", nowMs)]))
    .executeTakeFirst();
  if (cancelled.numUpdatedRows === 0n) return false;
  await tx
    .updateTable("downtime_activation")
    .set({ ended_at_ms: nowMs })
    .where("downtime_id", "=", id)
    .where("ended_at_ms", "is", null)
    .execute();
  return true;
}

function toDowntime(row: Selectable<DowntimeTable> & { readonly active_objects: number }, nowMs: number): Downtime {
  const progress = {
    startAtMs: row.start_at_ms,
    endAtMs: row.end_at_ms,
    isFixed: row.is_fixed === 1,
    durationSeconds: row.duration_seconds,
    triggeredById: row.triggered_by_id,
    triggeredAtMs: row.triggered_at_ms,
    cancelledAtMs: row.cancelled_at_ms,
    activeObjects: Number(row.active_objects),
  };
  return {
    id: row.id,
    selector: ServiceSelector.parse(JSON.parse(row.selector_json)),
    ...progress,
    comment: row.comment,
    authorName: row.author_name,
    reminderSeconds: row.reminder_seconds,
    recurringName: row.recurring_name,
    phase: downtimePhase(progress, nowMs),
    createdAtMs: row.created_at_ms,
  };
}
