import { sql } from "kysely";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { keepaliveOverdueSeconds } from "../freshness/overdue-after.ts";
import { HostSettings } from "../host/host-settings.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";
import type { Assignment, ProbedHost } from "./choose-probers.ts";
import type { Probing } from "./probing.ts";

/** Whoever probed until so long ago is still believed: what it had under way, and what its spool held. */
export const handOverMs = 60_000;

/** Hosts without an agent that name probers, in no order. */
export async function findProbedHosts(executor: Executor): Promise<ProbedHost[]> {
  const rows = await executor
    .selectFrom("host")
    .select(["id", "settings_json"])
    .where("settings_json", "like", '%"probers":["%')
    .where(sql<boolean>`not exists (select 1 from agent where agent.host_id = host.id and agent.revoked_at_ms is null)`)
    .execute();
  const named = rows.map((row) => ({ id: row.id, names: HostSettings.parse(JSON.parse(row.settings_json)).probers }));
  const ids = new Map<string, number>();
  for (const chunk of chunksOf([...new Set(named.flatMap(({ names }) => names))], 500)) {
    const hosts = await executor.selectFrom("host").select(["id", "name"]).where("name", "in", chunk).execute();
    for (const host of hosts) ids.set(host.name, host.id);
  }
  return named.map(({ id, names }) => ({ id, candidates: names.flatMap((name) => ids.get(name) ?? []) }));
}

/** Of these hosts, those whose agent's keepalives are fresh, or count as fresh since nobody listened (freshness/shiftDeadlines). */
export async function findLiveAgents(
  { db, dialect }: ConnectedDatabase,
  hostIds: readonly number[],
  nowMs: number,
): Promise<ReadonlySet<number>> {
  const live = new Set<number>();
  for (const chunk of chunksOf(hostIds, idsPerQuery)) {
    const rows = await db
      .selectFrom("agent")
      .innerJoin("host", "host.id", "agent.host_id")
      .innerJoin("host_state", "host_state.host_id", "host.id")
      .select(["host.id", "host.freshness_seconds", "agent.last_seen_at_ms"])
      .select(["host_state.state", "host_state.is_stale", "host_state.overdue_at_ms"])
      .where("agent.revoked_at_ms", "is", null)
      .where(sql<boolean>`host.id in ${idList(dialect, chunk)}`)
      .execute();
    for (const row of rows) {
      const freshMs = (row.freshness_seconds ?? keepaliveOverdueSeconds) * 1000;
      const isSeen = row.last_seen_at_ms !== null && row.last_seen_at_ms + freshMs > nowMs;
      const isExcused = row.state === 0 && row.is_stale === 0 && (row.overdue_at_ms ?? 0) > nowMs;
      if (isSeen || isExcused) live.add(row.id);
    }
  }
  return live;
}

/** Of these hosts, those whose agent's keepalives came lately, by nothing else than their arrival. */
export async function findSeenAgents(
  executor: Executor,
  hostIds: readonly number[],
  nowMs: number,
): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  for (const chunk of chunksOf(hostIds, 500)) {
    const rows = await executor
      .selectFrom("agent")
      .innerJoin("host", "host.id", "agent.host_id")
      .select(["agent.host_id", "agent.last_seen_at_ms", "host.freshness_seconds"])
      .where("agent.revoked_at_ms", "is", null)
      .where("agent.host_id", "in", chunk)
      .execute();
    for (const row of rows) {
      const freshMs = (row.freshness_seconds ?? keepaliveOverdueSeconds) * 1000;
      if ((row.last_seen_at_ms ?? 0) + freshMs > nowMs) seen.add(row.host_id);
    }
  }
  return seen;
}

/** Everybody who probes, as decided last. */
export async function findAssignments(executor: Executor): Promise<(Assignment & { readonly sinceMs: number })[]> {
  const rows = await executor.selectFrom("host_prober").selectAll().orderBy("host_id").execute();
  return rows.map((row) => ({ hostId: row.host_id, proberHostId: row.prober_host_id, sinceMs: row.since_ms }));
}

/** Keeps decisions; the prober of before is remembered. */
export async function saveAssignments(
  database: ConnectedDatabase,
  changed: readonly Assignment[],
  ended: readonly number[],
  nowMs: number,
): Promise<void> {
  const { dialect } = database;
  await database.transaction(async (tx) => {
    for (const ids of chunksOf(ended, idsPerQuery)) {
      await tx
        .deleteFrom("host_prober")
        .where(sql<boolean>`host_id in ${idList(dialect, ids)}`)
        .execute();
    }
    for (const { hostId, proberHostId } of changed) {
      const updated = await tx
        .updateTable("host_prober")
        .set((eb) => ({ previous_host_id: eb.ref("prober_host_id"), since_ms: nowMs }))
        .where("host_id", "=", hostId)
        .executeTakeFirst();
      if (updated.numUpdatedRows === 0n) {
        const row = { host_id: hostId, prober_host_id: proberHostId, previous_host_id: null, since_ms: nowMs };
        await dialect.insertIfAbsent(tx, "host_prober", row);
      } else {
        const set = tx.updateTable("host_prober").set({ prober_host_id: proberHostId });
        await set.where("host_id", "=", hostId).execute();
      }
    }
  });
}

/** The hosts that the agents of these hosts probe now, by prober. */
export async function findProbedBy(
  { db, dialect }: ConnectedDatabase,
  proberIds: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const rows = await db
    .selectFrom("host_prober")
    .select(["host_id", "prober_host_id"])
    .where(sql<boolean>`prober_host_id in ${idList(dialect, proberIds)}`)
    .orderBy("host_id")
    .execute();
  const byProber = new Map<number, number[]>();
  for (const { host_id, prober_host_id } of rows) {
    if (prober_host_id === null) continue;
    const probed = byProber.get(prober_host_id);
    if (probed === undefined) byProber.set(prober_host_id, [host_id]);
    else probed.push(host_id);
  }
  return byProber;
}

/** Hosts of which results of a prober's agent are believed: those it probes, and those it probed until a moment ago. */
export async function findBelievedOf(
  executor: Executor,
  proberId: number,
  nowMs: number,
): Promise<ReadonlySet<number>> {
  const rows = await executor
    .selectFrom("host_prober")
    .select("host_id")
    .where((eb) =>
      eb.or([
        eb("prober_host_id", "=", proberId),
        eb.and([eb("previous_host_id", "=", proberId), eb("since_ms", ">", nowMs - handOverMs)]),
      ]),
    )
    .execute();
  return new Set(rows.map((row) => row.host_id));
}

/** Whose agent runs the checks of hosts: their own, or the prober's; absent when nobody's does. */
export async function findRunners(
  executor: Executor,
  hostIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const runners = new Map<number, number>();
  for (const chunk of chunksOf(hostIds, 500)) {
    const probed = await executor.selectFrom("host_prober").selectAll().where("host_id", "in", chunk).execute();
    for (const row of probed) if (row.prober_host_id !== null) runners.set(row.host_id, row.prober_host_id);
    const agents = executor.selectFrom("agent").select("host_id").where("revoked_at_ms", "is", null);
    for (const row of await agents.where("host_id", "in", chunk).execute()) runners.set(row.host_id, row.host_id);
  }
  return runners;
}

/** How the probing of hosts stands; those that are not probed are absent. */
export async function findProbing(
  database: ConnectedDatabase,
  hostIds: readonly number[],
  nowMs: number,
): Promise<ReadonlyMap<number, Probing>> {
  const found = new Map<number, Probing>();
  for (const chunk of chunksOf(hostIds, 500)) {
    const rows = await database.db
      .selectFrom("host_prober")
      .innerJoin("host", "host.id", "host_prober.host_id")
      .leftJoin("host as prober", "prober.id", "host_prober.prober_host_id")
      .leftJoin("agent", (join) => join.onRef("agent.host_id", "=", "prober.id").on("agent.revoked_at_ms", "is", null))
      .select(["host_prober.host_id", "host_prober.prober_host_id", "host_prober.since_ms", "host.settings_json"])
      .select(["prober.name as prober_name", "agent.last_seen_at_ms"])
      .where("host_prober.host_id", "in", chunk)
      .execute();
    const probers = new Set(rows.flatMap((row) => row.prober_host_id ?? []));
    const live = await findLiveAgents(database, [...probers], nowMs);
    for (const row of rows) {
      found.set(row.host_id, {
        names: HostSettings.parse(JSON.parse(row.settings_json)).probers,
        proberName: row.prober_name,
        isLive: row.prober_host_id !== null && live.has(row.prober_host_id),
        lastSeenAtMs: row.last_seen_at_ms,
        sinceMs: row.since_ms,
      });
    }
  }
  return found;
}
