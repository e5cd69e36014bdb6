import { sql } from "kysely";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { findHeldChecks } from "../dependency/find-held-checks.ts";
import { chunksOf, type DefinitionCache, idList, idsPerQuery, type MonitoredHost } from "../monitored/index.ts";
import type { OverdueObject } from "./judge-silence.ts";

/** Somebody who is overdue although nothing was to be expected, and until when that proves nothing. */
export interface Postponed {
  readonly overdue: OverdueObject;
  readonly untilMs: number;
}

/** What is never expected again is looked at again this much later; its period may have been edited meanwhile. */
const neverAgainMs = 24 * 3_600_000;

/**
 * Finds those whose silence means nothing: outside their check period nobody measures, and a check that a dependency holds is not run. They get
 * their usual time again from when results are to be expected.
 */
export async function findPostponed(
  { db }: ConnectedDatabase,
  definitions: DefinitionCache,
  overdue: readonly OverdueObject[],
  nowMs: number,
): Promise<Postponed[]> {
  if (overdue.length === 0) return [];
  const periods = await definitions.timePeriods(db);
  const hostIds = new Set(overdue.map((one) => one.hostId));
  const hosts = await definitions.hostsById(db, hostIds);
  const held = await findHeldChecks(db, definitions, [...hostIds], nowMs);
  return overdue.flatMap((one) => {
    const host = hosts.get(one.hostId);
    const watched = one.serviceId === null ? host : host && definitions.serviceOf(host, one.serviceId);
    if (watched === undefined || watched.overdueAfterMs === null) return [];
    const checkPeriod = checkPeriodOf(host, one.serviceId === null, watched.settings.checkPeriod);
    const isHeld = one.serviceId === null ? held.hostIds.has(one.hostId) : held.serviceIds.has(one.serviceId);
    if (!isHeld && periods.isInside(checkPeriod, nowMs)) return [];
    const nextMs = periods.nextStart(checkPeriod, nowMs) ?? nowMs + neverAgainMs;
    return [{ overdue: one, untilMs: nextMs + watched.overdueAfterMs }];
  });
}

/** The period in which an object is checked: a host's own before that of its host check. */
function checkPeriodOf(host: MonitoredHost | undefined, isHost: boolean, own: string | null): string | null {
  return isHost ? (own ?? host?.hostCheck?.checkPeriod ?? null) : own;
}

/** Moves deadlines, unless a result moved them meanwhile. */
export async function postpone(
  database: ConnectedDatabase,
  postponed: readonly Postponed[],
  nowMs: number,
): Promise<void> {
  const byTime = Map.groupBy(postponed, ({ untilMs }) => untilMs);
  for (const [untilMs, group] of byTime) {
    const hostIds = group.flatMap(({ overdue }) => (overdue.serviceId === null ? [overdue.hostId] : []));
    const serviceIds = group.flatMap(({ overdue }) => overdue.serviceId ?? []);
    for (const ids of chunksOf(hostIds, idsPerQuery)) {
      await database.db
        .updateTable("host_state")
        .set((eb) => ({ overdue_at_ms: untilMs, version: eb("version", "+", 1) }))
        .where(sql<boolean>`host_id in ${idList(database.dialect, ids)}`)
        .where("overdue_at_ms", "<=", nowMs)
        .execute();
    }
    for (const ids of chunksOf(serviceIds, idsPerQuery)) {
      await database.db
        .updateTable("service_state")
        .set((eb) => ({ overdue_at_ms: untilMs, version: eb("version", "+", 1) }))
        .where(sql<boolean>`service_id in ${idList(database.dialect, ids)}`)
        .where("overdue_at_ms", "<=", nowMs)
        .execute();
    }
  }
}
