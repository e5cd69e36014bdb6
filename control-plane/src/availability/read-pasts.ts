import type { AvailabilityState } from "@mycloud/protocol/availability";
import { sql } from "kysely";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import {
  chunksOf,
  idList,
  idsPerQuery,
  type StateColumns,
  shownHostStateOf,
  shownServiceStateOf,
} from "../monitored/index.ts";
import type { HistoryEvent, ObjectPast } from "./build-history.ts";

const stateKinds = ["state", "stale-start", "stale-stop"] as const;

/** The pasts of hosts (`of` "host") or services by id, as far as a range needs them: a handful of queries for each 900. */
export async function readPasts(
  executor: Executor,
  dialect: Dialect,
  of: "host" | "service",
  ids: readonly number[],
  fromMs: number,
  untilMs: number,
): Promise<Map<number, ObjectPast>> {
  const pasts = new Map<number, ObjectPast>();
  for (const chunk of chunksOf(ids, idsPerQuery)) {
    const presents = await readPresents(executor, dialect, of, chunk);
    const bounds = await readBounds(executor, dialect, of, chunk, fromMs);
    const events = await readEvents(executor, dialect, of, chunk, [...bounds.values()], fromMs, untilMs);
    const gaps = await readGaps(executor, dialect, of, chunk);
    for (const [id, present] of presents) {
      const bound = bounds.get(id);
      const own = events.get(id) ?? new Map<number, HistoryEvent>();
      const eventOf = (eventId: number | null | undefined) => own.get(eventId ?? 0) ?? null;
      const before = eventOf(bound?.beforeId);
      pasts.set(id, {
        kind: of,
        ...present,
        gaps: gaps.get(id) ?? [],
        before,
        hardBefore: eventOf(bound?.hardBeforeId),
        first: eventOf(bound?.firstId),
        events: [...own.values()].filter(({ atMs }) => atMs > fromMs && atMs < untilMs),
      });
    }
  }
  return pasts;
}

type Present = Pick<ObjectPast, "createdAtMs" | "firstCheckedAtMs" | "present">;

async function readPresents(
  executor: Executor,
  dialect: Dialect,
  of: "host" | "service",
  ids: readonly number[],
): Promise<Map<number, Present>> {
  const { rows } = await sql<
    StateColumns & {
      id: number;
      created_at_ms: number;
      first_checked_at_ms: number | null;
      is_hard: number;
      last_hard_state: number;
    }
  >`select own.id, own.created_at_ms, own_state.first_checked_at_ms, own_state.state, own_state.is_hard, own_state.last_hard_state,
      own_state.is_stale, own_state.has_been_checked
    from ${sql.table(of)} as own join ${sql.table(`${of}_state`)} as own_state on own_state.${sql.ref(`${of}_id`)} = own.id
    where own.id in ${idList(dialect, ids)}`.execute(executor);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        createdAtMs: row.created_at_ms,
        firstCheckedAtMs: row.first_checked_at_ms,
        present: {
          state: shownState(of, row),
          hard: shownState(of, { ...row, state: row.is_hard === 1 ? row.state : row.last_hard_state }),
        },
      },
    ]),
  );
}

function shownState(of: "host" | "service", row: StateColumns): AvailabilityState {
  return of === "host" ? shownHostStateOf(row) : shownServiceStateOf(row);
}

interface Bounds {
  readonly beforeId: number | null;
  readonly hardBeforeId: number | null;
  readonly firstId: number | null;
}

/** The ids of the entries around the beginning of the range. */
async function readBounds(
  executor: Executor,
  dialect: Dialect,
  of: "host" | "service",
  ids: readonly number[],
  fromMs: number,
): Promise<Map<number, Bounds>> {
  const { rows } = await sql<{
    owner_id: number;
    before_id: number | null;
    hard_before_id: number | null;
    first_id: number | null;
  }>`select ${ownerOf(of)} as owner_id,
      max(case when at_ms <= ${fromMs} then id end) as before_id,
      max(case when at_ms <= ${fromMs} and kind <> 'stale-start' and (is_hard = 1 or to_state in ('OK', 'UP') or from_state = 'PENDING') then id end) as hard_before_id,
      min(case when at_ms > ${fromMs} then id end) as first_id
    from state_change where ${isOwned(dialect, of, ids)} and kind in (${sql.join(stateKinds)})
    group by ${ownerOf(of)}`.execute(executor);
  return new Map(
    rows.map((row) => [
      row.owner_id,
      { beforeId: row.before_id, hardBeforeId: row.hard_before_id, firstId: row.first_id },
    ]),
  );
}

async function readEvents(
  executor: Executor,
  dialect: Dialect,
  of: "host" | "service",
  ids: readonly number[],
  bounds: readonly Bounds[],
  fromMs: number,
  untilMs: number,
): Promise<Map<number, Map<number, HistoryEvent>>> {
  const boundIds = bounds
    .flatMap((bound) => [bound.beforeId, bound.hardBeforeId, bound.firstId])
    .flatMap((id) => id ?? []);
  type Row = {
    id: number;
    owner_id: number;
    at_ms: number;
    kind: string;
    from_state: string;
    to_state: string;
    is_hard: number;
  };
  const columns = sql`id, ${ownerOf(of)} as owner_id, at_ms, kind, from_state, to_state, is_hard`;
  const inRange = await sql<Row>`select ${columns} from state_change
    where ${isOwned(dialect, of, ids)} and at_ms > ${fromMs} and at_ms < ${untilMs} and kind in (${sql.join(stateKinds)})`.execute(
    executor,
  );
  const around: Row[] = [];
  for (const chunk of chunksOf(boundIds, idsPerQuery)) {
    const { rows } = await sql<Row>`select ${columns} from state_change where id in ${idList(dialect, chunk)}`.execute(
      executor,
    );
    around.push(...rows);
  }
  const byOwner = new Map<number, Map<number, HistoryEvent>>();
  for (const row of [...inRange.rows, ...around]) {
    const kind = stateKinds.find((known) => known === row.kind);
    if (kind === undefined) continue;
    const own = byOwner.get(row.owner_id) ?? new Map<number, HistoryEvent>();
    byOwner.set(row.owner_id, own);
    const { id, at_ms: atMs, from_state: fromState, to_state: toState } = row;
    own.set(id, { id, atMs, kind, fromState, toState, isHard: row.is_hard === 1 });
  }
  return byOwner;
}

async function readGaps(
  executor: Executor,
  dialect: Dialect,
  of: "host" | "service",
  ids: readonly number[],
): Promise<Map<number, { fromMs: number; untilMs: number | null }[]>> {
  const table = sql.table(of === "host" ? "host_watch_gap" : "watch_gap");
  const { rows } = await sql<{ id: number; from_at_ms: number; until_at_ms: number | null }>`
    select ${sql.ref(`${of}_id`)} as id, from_at_ms, until_at_ms from ${table}
    where ${sql.ref(`${of}_id`)} in ${idList(dialect, ids)} order by from_at_ms`.execute(executor);
  const gaps = new Map<number, { fromMs: number; untilMs: number | null }[]>();
  for (const { id, from_at_ms: fromMs, until_at_ms: untilMs } of rows) {
    gaps.set(id, [...(gaps.get(id) ?? []), { fromMs, untilMs }]);
  }
  return gaps;
}

function ownerOf(of: "host" | "service") {
  return sql.ref(`state_change.${of}_id`);
}

function isOwned(dialect: Dialect, of: "host" | "service", ids: readonly number[]) {
  const own = sql`${ownerOf(of)} in ${idList(dialect, ids)}`;
  return of === "host" ? sql`${own} and service_id is null` : own;
}
