import { ServiceSelector } from "@mycloud/protocol/selector";
import { type Selectable, sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { DowntimeTable } from "../database/schema.ts";
import { coversHostItselfSql, matchesHostSql, matchesServiceSql } from "../monitored/selector-predicate.ts";

/** A downtime as the clock and its messages see it. */
export interface DueDowntime {
  readonly id: number;
  readonly selector: ServiceSelector;
  readonly startAtMs: number;
  readonly endAtMs: number;
  readonly isFixed: boolean;
  readonly durationSeconds: number | null;
  readonly comment: string;
  readonly authorName: string;
  readonly userId: number | null;
  readonly customer: string | null;
  readonly hasStarted: boolean;
  readonly isCancelled: boolean;
}

/** An object that a flexible downtime begins or ended for. */
export interface DowntimeObject {
  readonly hostId: number;
  readonly serviceId: number | null;
}

/** Downtimes that begin now for everything they cover and are not noted as started. One that was cancelled before its start never starts. */
export async function findStarting(executor: Executor, nowMs: number): Promise<DueDowntime[]> {
  const rows = await executor
    .selectFrom("downtime")
    .selectAll()
    .where("started_at_ms", "is", null)
    .where("ended_at_ms", "is", null)
    .where("cancelled_at_ms", "is", null)
    .where((eb) =>
      eb.or([
        eb.and([eb("triggered_by_id", "is", null), eb("is_fixed", "=", 1), eb("start_at_ms", "<=", nowMs)]),
        eb("triggered_at_ms", "is not", null),
        // Flexible: begun for at least one object.
        eb.exists(
          eb
            .selectFrom("downtime_activation")
            .select("downtime_activation.id")
            .whereRef("downtime_activation.downtime_id", "=", "downtime.id"),
        ),
      ]),
    )
    .orderBy("id")
    .execute();
  return rows.map(toDueDowntime);
}

/** Downtimes that are over or cancelled and not noted as ended. */
export async function findEnding(executor: Executor, nowMs: number): Promise<DueDowntime[]> {
  const isBegunForSome = sql`exists (select 1 from downtime_activation activation
    where activation.downtime_id = downtime.id and activation.ended_at_ms is null)`;
  const rows = await executor
    .selectFrom("downtime")
    .selectAll()
    .where("ended_at_ms", "is", null)
    .where(
      sql<boolean>`(cancelled_at_ms is not null or case
        when is_fixed = 1 then end_at_ms <= ${nowMs}
        when triggered_at_ms is not null then triggered_at_ms + duration_seconds * 1000 <= ${nowMs}
        else end_at_ms <= ${nowMs} and not ${isBegunForSome} end)`,
    )
    .orderBy("id")
    .execute();
  return rows.map(toDueDowntime);
}

/** Downtimes in effect for everything they cover whose reminder is due. A flexible one reminds of nothing: it ends for each object by itself. */
export async function findReminding(executor: Executor, nowMs: number): Promise<DueDowntime[]> {
  const rows = await executor
    .selectFrom("downtime")
    .selectAll()
    .where("reminded_at_ms", "is", null)
    .where("reminder_seconds", "is not", null)
    .where("started_at_ms", "is not", null)
    .where("ended_at_ms", "is", null)
    .where("cancelled_at_ms", "is", null)
    .where("is_fixed", "=", 1)
    .where("end_at_ms", ">", nowMs)
    .where(sql<boolean>`end_at_ms - reminder_seconds * 1000 <= ${nowMs}`)
    .orderBy("id")
    .execute();
  return rows.map(toDueDowntime);
}

/** Flexible downtimes whose window is open, or was until a moment ago: what went bad in its last second counts. */
export async function findOpenFlexible(executor: Executor, nowMs: number): Promise<DueDowntime[]> {
  const rows = await executor
    .selectFrom("downtime")
    .selectAll()
    .where("is_fixed", "=", 0)
    .where("triggered_by_id", "is", null)
    .where("ended_at_ms", "is", null)
    .where("cancelled_at_ms", "is", null)
    .where("start_at_ms", "<=", nowMs)
    .orderBy("id")
    .execute();
  return rows.map(toDueDowntime);
}

/** Notes an instant of a downtime; true for the one caller who was first. */
export async function noteInstant(
  tx: Executor,
  column: "started_at_ms" | "ended_at_ms" | "reminded_at_ms",
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

/** Begins the downtimes that wait for this one, those that are not over meanwhile. */
export async function triggerOthers(tx: Executor, id: number, nowMs: number): Promise<void> {
  await tx
    .updateTable("downtime")
    .set({ triggered_at_ms: nowMs })
    .where("triggered_by_id", "=", id)
    .where("triggered_at_ms", "is", null)
    .where("cancelled_at_ms", "is", null)
    .where("end_at_ms", ">", nowMs)
    .execute();
}

/**
 * Objects that a downtime covers and that were bad, SOFT or HARD (as in nagios4), or stale, at some time in its window, with when that began: what is bad now, and what was
 * so and recovered, as the history has it. So nothing is missed between two looks, nor over a restart.
 */
export async function findBadCovered(
  executor: Executor,
  dialect: Dialect,
  downtime: DueDowntime,
): Promise<(DowntimeObject & { readonly badAtMs: number })[]> {
  const { id, selector, startAtMs, endAtMs, customer } = downtime;
  const within = customer === null ? sql`1 = 1` : sql`host.customer = ${customer}`;
  const since = (table: "host_state" | "service_state") => sql<number>`${sql.ref(`${table}.last_state_change_at_ms`)}`;
  const isNew = (key: ReturnType<typeof sql>) => sql<boolean>`not exists (select 1 from downtime_activation activation
    where activation.downtime_id = ${id} and ${key})`;
  const ofHost = sql`activation.host_id = host.id and activation.service_id is null`;
  const ofService = sql`activation.service_id = service.id`;

  const hosts = await executor
    .selectFrom("host_state")
    .innerJoin("host", "host.id", "host_state.host_id")
    .select(["host.id as host_id", since("host_state").as("bad_at_ms")])
    .where(isAnyBadSql("host_state"))
    .where(sql<boolean>`${within} and ${coversHostItselfSql(dialect.kind, selector)}`)
    .where(isNew(ofHost))
    .execute();
  const services = await executor
    .selectFrom("service_state")
    .innerJoin("service", "service.id", "service_state.service_id")
    .innerJoin("host", "host.id", "service.host_id")
    .select(["host.id as host_id", "service.id as service_id", since("service_state").as("bad_at_ms")])
    .where(isAnyBadSql("service_state"))
    .where(sql<boolean>`${within} and ${matchesServiceSql(dialect.kind, selector)}`)
    .where(isNew(ofService))
    .execute();
  const changes = executor
    .selectFrom("state_change")
    .innerJoin("host", "host.id", "state_change.host_id")
    .where("state_change.at_ms", ">=", startAtMs)
    .where("state_change.at_ms", "<", endAtMs)
    .where("state_change.kind", "in", ["state", "stale-start"])
    .where("state_change.to_state", "not in", ["OK", "UP", "PENDING"]);
  const hostChanges = await changes
    .where("state_change.service_id", "is", null)
    .select(["host.id as host_id", sql<number>`min(state_change.at_ms)`.as("bad_at_ms")])
    .where(sql<boolean>`${within} and ${coversHostItselfSql(dialect.kind, selector)}`)
    .where(isNew(ofHost))
    .groupBy("host.id")
    .execute();
  const serviceChanges = await changes
    .innerJoin("service", "service.id", "state_change.service_id")
    .select(["host.id as host_id", "service.id as service_id", sql<number>`min(state_change.at_ms)`.as("bad_at_ms")])
    .where(sql<boolean>`${within} and ${matchesServiceSql(dialect.kind, selector)}`)
    .where(isNew(ofService))
    .groupBy(["host.id", "service.id"])
    .execute();

  const found = new Map<string, DowntimeObject & { readonly badAtMs: number }>();
  const keep = (hostId: number, serviceId: number | null, atMs: number | null) => {
    // What was bad before the window begins with the window; after its end nothing begins any more.
    const badAtMs = Math.max(atMs ?? startAtMs, startAtMs);
    const key = objectKey({ hostId, serviceId });
    if (badAtMs >= endAtMs || (found.get(key)?.badAtMs ?? Number.POSITIVE_INFINITY) <= badAtMs) return;
    found.set(key, { hostId, serviceId, badAtMs });
  };
  for (const row of [...hosts, ...hostChanges]) keep(row.host_id, null, row.bad_at_ms);
  for (const row of [...services, ...serviceChanges]) keep(row.host_id, row.service_id, row.bad_at_ms);
  return [...found.values()];
}

/** The one object a message about a downtime is of: what it names, or the first host it covers; null when it covers none. */
export async function findSubject(
  executor: Executor,
  dialect: Dialect,
  { selector, customer }: DueDowntime,
): Promise<DowntimeObject | null> {
  const { services, ...hosts } = selector;
  const host = await executor
    .selectFrom("host")
    .select("id")
    .where(matchesHostSql(dialect.kind, hosts))
    .where(sql<boolean>`${customer === null ? sql`1 = 1` : sql`host.customer = ${customer}`}`)
    .orderBy("id")
    .executeTakeFirst();
  if (host === undefined) return null;
  const [name] = services ?? [];
  if (services?.length !== 1 || name === undefined) return { hostId: host.id, serviceId: null };
  const service = await executor
    .selectFrom("service")
    .select("id")
    .where("host_id", "=", host.id)
    .where("name", "=", name)
    .executeTakeFirst();
  return { hostId: host.id, serviceId: service?.id ?? null };
}

/** Names of what a downtime covers and is HARD bad or stale now: at most `limit` of them, and how many there are. */
export async function findStillBad(
  executor: Executor,
  dialect: Dialect,
  { selector, customer }: DueDowntime,
  limit: number,
): Promise<{ readonly names: string[]; readonly count: number }> {
  const within = customer === null ? sql`1 = 1` : sql`host.customer = ${customer}`;
  const hosts = await executor
    .selectFrom("host_state")
    .innerJoin("host", "host.id", "host_state.host_id")
    .select("host.name as name")
    .where(isBadSql("host_state"))
    .where(sql<boolean>`${within} and ${coversHostItselfSql(dialect.kind, selector)}`)
    .orderBy("host.name")
    .execute();
  const services = await executor
    .selectFrom("service_state")
    .innerJoin("service", "service.id", "service_state.service_id")
    .innerJoin("host", "host.id", "service.host_id")
    .select(["host.name as host_name", "service.name as name"])
    .where(isBadSql("service_state"))
    .where(sql<boolean>`${within} and ${matchesServiceSql(dialect.kind, selector)}`)
    .orderBy("host.name")
    .orderBy("service.name")
    .execute();
  const names = [...hosts.map(({ name }) => name), ...services.map((row) => `${row.host_name}/${row.name}`)];
  return { names: names.slice(0, limit), count: names.length };
}

function isAnyBadSql(table: "host_state" | "service_state") {
  return sql<boolean>`(${sql.ref(`${table}.is_stale`)} = 1 or ${sql.ref(`${table}.state`)} <> 0)`;
}

function isBadSql(table: "host_state" | "service_state") {
  return sql<boolean>`(${sql.ref(`${table}.is_stale`)} = 1
    or (${sql.ref(`${table}.is_hard`)} = 1 and ${sql.ref(`${table}.state`)} <> 0))`;
}

/** Begins a flexible downtime for an object; false when it has begun for it before. */
export async function activate(
  tx: Executor,
  dialect: Dialect,
  downtimeId: number,
  object: DowntimeObject,
  startedAtMs: number,
  endsAtMs: number,
): Promise<boolean> {
  return await dialect.insertIfAbsent(tx, "downtime_activation", {
    downtime_id: downtimeId,
    object_key: objectKey(object),
    host_id: object.hostId,
    service_id: object.serviceId,
    started_at_ms: startedAtMs,
    ends_at_ms: endsAtMs,
  });
}

/** Notes the objects for which a flexible downtime has ended; true when there were any. */
export async function endActivations(executor: Executor, nowMs: number): Promise<boolean> {
  const ended = await executor
    .updateTable("downtime_activation")
    .set({ ended_at_ms: nowMs })
    .where("ended_at_ms", "is", null)
    .where("ends_at_ms", "<=", nowMs)
    .executeTakeFirst();
  return ended.numUpdatedRows > 0n;
}

/** How a row names an object. */
export function objectKey({ hostId, serviceId }: DowntimeObject): string {
  return serviceId === null ? `h${hostId}` : `s${serviceId}`;
}

function toDueDowntime(row: Selectable<DowntimeTable>): DueDowntime {
  return {
    id: row.id,
    selector: ServiceSelector.parse(JSON.parse(row.selector_json)),
    startAtMs: row.start_at_ms,
    endAtMs: row.end_at_ms,
    isFixed: row.is_fixed === 1,
    durationSeconds: row.duration_seconds,
    comment: row.comment,
    authorName: row.author_name,
    userId: row.user_id,
    customer: row.customer,
    hasStarted: row.started_at_ms !== null,
    isCancelled: row.cancelled_at_ms !== null,
  };
}
