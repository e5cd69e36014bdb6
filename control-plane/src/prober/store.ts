import { sql } from "kysely";
import type { ConnectedDatabase, Dialect, Executor } from "../database/dialect/dialect.ts";
import { keepaliveIntervalSeconds } from "../freshness/overdue-after.ts";
import { HostSettings } from "../host/host-settings.ts";
import { chunksOf, idList, idsPerQuery } from "../monitored/id-list.ts";
import type { Assignment, ProbedHost } from "./choose-probers.ts";
import { type AgentPresence, findAgentPresence } from "./find-agent-presence.ts";
import { mayProbeFor } from "./find-prober-faults.ts";
import type { Probing, UnableProber } from "./probing.ts";

/** Whoever probed until so long ago is still believed: what it had under way, and what its spool held. */
export const handOverMs = 60_000;
/** How long it takes until a prober hears that another one has taken over. */
const newsMs = 2_000;

/** Hosts without an agent that name probers, in no order; a prober of another customer does not count. */
export async function findProbedHosts(executor: Executor): Promise<ProbedHost[]> {
  const rows = await executor
    .selectFrom("host")
    .select(["id", "customer", "settings_json"])
    .where("settings_json", "like", '%"probers":["%')
    .where(sql<boolean>`not exists (select 1 from agent where agent.host_id = host.id and agent.revoked_at_ms is null)`)
    .execute();
  const named = rows.map(({ id, customer, settings_json: json }) => ({ id, customer, names: probersOf(json) }));
  const hosts = await findHostsByName(
    executor,
    named.flatMap(({ names }) => names),
  );
  return named.map(({ id, customer, names }) => {
    const probers = names.flatMap((name) => hosts.get(name) ?? []);
    const candidates = probers.filter((prober) => prober.id !== id && mayProbeFor(prober.customer, customer));
    return { id, candidates: candidates.map((prober) => prober.id) };
  });
}

interface NamedHost {
  readonly id: number;
  readonly customer: string | null;
}

async function findHostsByName(executor: Executor, names: readonly string[]): Promise<ReadonlyMap<string, NamedHost>> {
  const found = new Map<string, NamedHost>();
  for (const chunk of chunksOf([...new Set(names)], 500)) {
    const rows = await executor
      .selectFrom("host")
      .select(["id", "name", "customer"])
      .where("name", "in", chunk)
      .execute();
    for (const { id, name, customer } of rows) found.set(name, { id, customer });
  }
  return found;
}

function probersOf(settingsJson: string): readonly string[] {
  return HostSettings.parse(JSON.parse(settingsJson)).probers;
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

/**
 * Hosts of which results of a prober's agent are believed, each with the instant up to which their checks may have begun: those it probes without end, those
 * it probed until a moment ago until it handed over, so that nothing is measured twice.
 */
export async function findBelievedOf(
  executor: Executor,
  proberId: number,
  nowMs: number,
): Promise<ReadonlyMap<number, number>> {
  const rows = await executor
    .selectFrom("host_prober")
    .select(["host_id", "prober_host_id", "since_ms"])
    .where((eb) =>
      eb.or([
        eb("prober_host_id", "=", proberId),
        eb.and([eb("previous_host_id", "=", proberId), eb("since_ms", ">", nowMs - handOverMs)]),
      ]),
    )
    .execute();
  const untilMs = (row: (typeof rows)[number]) =>
    row.prober_host_id === proberId ? Number.POSITIVE_INFINITY : row.since_ms + newsMs;
  return new Map(rows.map((row) => [row.host_id, untilMs(row)]));
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
  executor: Executor,
  dialect: Dialect,
  hostIds: readonly number[],
  nowMs: number,
): Promise<ReadonlyMap<number, Probing>> {
  const found = new Map<number, Probing>();
  for (const chunk of chunksOf(hostIds, 500)) {
    const rows = await executor
      .selectFrom("host_prober")
      .innerJoin("host", "host.id", "host_prober.host_id")
      .leftJoin("host as prober", "prober.id", "host_prober.prober_host_id")
      .select(["host_prober.host_id", "host_prober.prober_host_id", "host_prober.since_ms"])
      .select(["host.customer", "host.settings_json", "prober.name as prober_name"])
      .select("prober.customer as prober_customer")
      .where("host_prober.host_id", "in", chunk)
      .execute();
    if (rows.length === 0) continue;
    const named = await findHostsByName(
      executor,
      rows.flatMap((row) => probersOf(row.settings_json)),
    );
    const ids = [...named.values()].map(({ id }) => id);
    const presences = await findAgentPresence(
      executor,
      dialect,
      [...new Set([...ids, ...rows.flatMap((row) => row.prober_host_id ?? [])])],
      nowMs,
    );
    for (const row of rows) {
      const presence = presences.get(row.prober_host_id ?? 0);
      found.set(row.host_id, {
        customer: row.customer,
        unable: probersOf(row.settings_json).flatMap((name): UnableProber[] => {
          const prober = named.get(name);
          const fault = faultOf(prober, row.customer, presences);
          return fault === null ? [] : [{ name, customer: prober?.customer ?? null, fault }];
        }),
        proberName: row.prober_name,
        proberCustomer: row.prober_customer,
        isLive: presence !== undefined && canProbe(presence),
        lastSeenAtMs: presence?.lastSeenAtMs ?? null,
        keepaliveSeconds: presence?.keepaliveSeconds ?? keepaliveIntervalSeconds,
        sinceMs: row.since_ms,
      });
    }
  }
  return found;
}

/** Whether an agent is there and lets itself be asked to look at other hosts. Pure. */
export function canProbe({ isSeen, mayProbe }: AgentPresence): boolean {
  return isSeen && mayProbe;
}

function faultOf(
  prober: NamedHost | undefined,
  customer: string | null,
  presences: ReadonlyMap<number, AgentPresence>,
): UnableProber["fault"] | null {
  if (prober === undefined) return "missing";
  if (!mayProbeFor(prober.customer, customer)) return "foreign";
  const presence = presences.get(prober.id);
  if (presence === undefined) return "no-agent";
  if (!presence.isSeen) return "silent";
  return presence.mayProbe ? null : "refusing";
}
