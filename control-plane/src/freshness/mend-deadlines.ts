import { type RawBuilder, sql } from "kysely";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { findHeldChecks } from "../dependency/find-held-checks.ts";
import { computedCommands, type DefinitionCache, idList } from "../monitored/index.ts";

/** Who has just been given to somebody to check gets this much longer for the first result: an agent has to hear of it first. */
export const firstResultGraceMs = 120_000;

/** Ids looked through at a time: others have their turn between, as SQLite answers on the thread that serves everybody. */
const idsPerRound = 5_000;

/** Somebody without a deadline, or with one that may lie too far ahead; `id` is the service's, or the host's. */
interface Candidate {
  readonly id: number;
  readonly host_id: number;
  readonly overdue_at_ms: number | null;
}

type Kind = "host" | "service";

/**
 * Brings deadlines in line with what is to be expected now, after definitions or probers changed. Somebody whom an agent is to check and who has no
 * deadline gets one, so that nothing stays PENDING, or as it was, for ever; a deadline that lies further ahead than its check's interval, which was made
 * shorter, comes closer. Those that lie ahead because nothing is measured for now stay. `hostIds` narrows it to some hosts. Answers how many were set.
 */
export async function mendDeadlines(
  database: ConnectedDatabase,
  definitions: DefinitionCache,
  nowMs: number,
  hostIds?: readonly number[],
  signal?: AbortSignal,
): Promise<number> {
  let mended = 0;
  for (const kind of ["host", "service"] as const) {
    const last = await findLastId(database, kind);
    for (let after = 0; after < last && signal?.aborted !== true; after += idsPerRound) {
      const candidates = await findCandidates(database, kind, after, hostIds, nowMs);
      if (candidates.length > 0) mended += await mend(database, definitions, kind, candidates, nowMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return mended;
}

async function findLastId({ db }: ConnectedDatabase, kind: Kind): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`select max(id) as last from ${sql.table(kind)}`.execute(db);
  return rows[0]?.last ?? 0;
}

/** Those of a stretch of ids whom somebody is to check. Those with an agent of their own have their host's deadline moved by keepalives. */
async function findCandidates(
  { db, dialect }: ConnectedDatabase,
  kind: Kind,
  after: number,
  hostIds: readonly number[] | undefined,
  nowMs: number,
): Promise<readonly Candidate[]> {
  const hostId: RawBuilder<number> = kind === "host" ? sql.ref("state_row.host_id") : sql.ref("service.host_id");
  const isAgent = sql`exists (select 1 from agent where agent.host_id = ${hostId} and agent.revoked_at_ms is null)`;
  const isProbed = sql`exists (select 1 from host_prober where host_prober.host_id = ${hostId})`;
  const from =
    kind === "host"
      ? sql`host_state as state_row join host_check on host_check.host_id = state_row.host_id
          join check_definition on check_definition.id = host_check.check_id`
      : sql`service_state as state_row join service on service.id = state_row.service_id
          join check_definition on check_definition.id = service.check_id`;
  const id = sql.ref(`state_row.${kind}_id`);
  const { rows } = await sql<Candidate>`select ${id} as id, ${hostId} as host_id, state_row.overdue_at_ms from ${from}
    where ${id} > ${after} and ${id} <= ${after + idsPerRound} and state_row.is_stale = 0
      and (state_row.overdue_at_ms is null
        or state_row.overdue_at_ms > ${nowMs + firstResultGraceMs} + 1000 * (2 * check_interval_seconds + timeout_seconds))
      and check_definition.is_enabled = 1 and check_definition.command not in (${sql.join(computedCommands)})
      and ${kind === "host" ? sql`not ${isAgent} and ${isProbed}` : sql`(${isAgent} or ${isProbed})`}
      and ${hostIds === undefined ? sql`1 = 1` : sql`${hostId} in ${idList(dialect, hostIds)}`}`.execute(db);
  return rows;
}

async function mend(
  database: ConnectedDatabase,
  definitions: DefinitionCache,
  kind: Kind,
  candidates: readonly Candidate[],
  nowMs: number,
): Promise<number> {
  const hostIds = new Set(candidates.map((candidate) => candidate.host_id));
  const hosts = await definitions.hostsById(database.db, hostIds);
  const periods = await definitions.timePeriods(database.db);
  const held = await findHeldChecks(database.db, definitions, [...hostIds], nowMs);
  const wanted = candidates.flatMap(({ id, host_id: hostId, overdue_at_ms: overdueAtMs }) => {
    const host = hosts.get(hostId);
    const watched = kind === "host" ? host : host && definitions.serviceOf(host, id);
    if (host === undefined || watched === undefined || watched.overdueAfterMs === null) return [];
    const period = watched.settings.checkPeriod ?? (kind === "host" ? (host.hostCheck?.checkPeriod ?? null) : null);
    const isHeld = (kind === "host" ? held.hostIds : held.serviceIds).has(id);
    const untilMs = nowMs + watched.overdueAfterMs + firstResultGraceMs;
    // Held, or outside its period, it has longer, and is given its usual time when that is over.
    const isRight = overdueAtMs !== null && (overdueAtMs <= untilMs || isHeld || !periods.isInside(period, nowMs));
    return isRight ? [] : [{ id, untilMs }];
  });
  for (const [untilMs, group] of Map.groupBy(wanted, (one) => one.untilMs)) {
    const ids = group.map(({ id }) => id);
    await sql`update ${sql.table(`${kind}_state`)} set overdue_at_ms = ${untilMs}, version = version + 1
      where ${sql.ref(`${kind}_id`)} in ${idList(database.dialect, ids)} and is_stale = 0
        and (overdue_at_ms is null or overdue_at_ms > ${untilMs})`.execute(database.db);
  }
  return wanted.length;
}
