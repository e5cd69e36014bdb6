import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import {
  type NoticedSilence,
  type RecordDependencies,
  recordObservations,
} from "../check-result/record-observations.ts";
import { publish } from "../check-result/store-batches.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { findProbing, findSeenAgents, type Probing, probingSeenBy } from "../prober/index.ts";
import { findHostsOfLateParents, findMisnamedHosts } from "../reachability/index.ts";
import { judgeSilence, type OverdueObject } from "./judge-silence.ts";
import { findPostponed, postpone } from "./postpone.ts";
import { findHeartbeat, findOverdueHosts, findOverdueServices, noteHeartbeat, shiftDeadlines } from "./store.ts";

/** How often silence is looked for; well below the shortest deadline. */
export const freshnessIntervalMs = 5_000;
/** When nobody watched for longer than this (a stop, a paused machine, a database away), deadlines move by that time. */
const outageMs = 20_000;
/** After an outage, agents get this long to come back: 2,000 of them are admitted over a minute. */
const graceMs = 120_000;
const objectsPerRound = 1_000;

export interface WatchFreshnessDependencies {
  readonly database: ConnectedDatabase;
  readonly recording: RecordDependencies;
  readonly changes: ChangeBus;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * Looks once for those whose results or keepalives are overdue and records what their silence means. Call every few seconds under a lease. The
 * control plane's own outage turns nobody red: it is noticed by the heartbeat it left, and all deadlines move first.
 */
export async function watchFreshness(dependencies: WatchFreshnessDependencies, signal: AbortSignal): Promise<void> {
  const { database, logger, now } = dependencies;
  const heartbeatMs = await findHeartbeat(database.db);
  const unwatchedMs = heartbeatMs === null ? 0 : now() - heartbeatMs;
  if (unwatchedMs > outageMs) {
    await shiftDeadlines(database, unwatchedMs, graceMs, now());
    logger.info({ unwatchedSeconds: Math.round(unwatchedMs / 1000) }, "nobody watched for a while: deadlines moved");
    return;
  }
  await noteHeartbeat(database, now());
  // Hosts first: services whose host is down then follow from it.
  await judgeAll(dependencies, findOverdueHosts, signal);
  await judgeAll(dependencies, findOverdueServices, signal);
  await mendNames(dependencies);
}

async function judgeAll(
  dependencies: WatchFreshnessDependencies,
  find: typeof findOverdueHosts,
  signal: AbortSignal,
): Promise<void> {
  const { database, recording, changes, now } = dependencies;
  const { dialect, definitions } = recording;
  const overdue = await find(database.db, now(), objectsPerRound);
  const postponed = await findPostponed(database, definitions, overdue, now());
  await postpone(database, postponed, now());
  const excused = new Set(postponed.map((one) => one.overdue));
  const silent = overdue.filter((one) => !excused.has(one));
  const parents = await definitions.parents(database.db);
  const silentHosts = silent.flatMap((one) => (one.serviceId === null ? [one.hostId] : []));
  const waiting = await findHostsOfLateParents(database.db, dialect, parents, silentHosts, now());
  const probings = await findProbings(dependencies, silent);
  const silences = probings
    .filter((one) => one.serviceId !== null || !waiting.has(one.hostId))
    .flatMap((one) => silenceOf(one, now()))
    // Parents first: what is behind one that goes down in this round is UNREACHABLE, and was never DOWN.
    .sort((a, b) => parents.depthOf(a.hostId) - parents.depthOf(b.hostId));
  // Small transactions: ingest waits for their locks.
  for (let at = 0; at < silences.length && !signal.aborted; at += 200) {
    const part = silences.slice(at, at + 200);
    const recorded = await database.transaction((tx) => recordObservations(tx, recording, [], part, now()));
    publish(changes, recorded);
  }
}

/** Adds what is known of who runs the checks of hosts that are overdue. */
async function findProbings(
  { database, recording, now }: WatchFreshnessDependencies,
  silent: readonly OverdueObject[],
): Promise<OverdueObject[]> {
  if (silent.length === 0) return [];
  const ids = [...new Set(silent.map((one) => one.hostId))];
  const hosts = await recording.definitions.hostsById(database.db, new Set(ids));
  const probings = await findProbing(database.db, database.dialect, ids, now());
  const checked = ids.filter((id) => hosts.get(id)?.hostCheck && hosts.get(id)?.hasAgent);
  const seen = checked.length === 0 ? new Set<number>() : await findSeenAgents(database.db, checked, now());
  return silent.map((one) => {
    const probing = probings.get(one.hostId);
    const hostCheck = one.serviceId === null ? (hosts.get(one.hostId)?.hostCheck ?? null) : null;
    return {
      ...one,
      ...(probing === undefined ? {} : { probing: asItsCustomerSees(probing), hasAgent: false }),
      ...(hostCheck === null
        ? {}
        : {
            isPassive: false,
            expectedEverySeconds: hostCheck.checkIntervalSeconds,
            isAgentLive: seen.has(one.hostId),
          }),
    };
  });
}

function asItsCustomerSees(probing: Probing): Probing {
  const { customer } = probing;
  return customer === null ? probing : probingSeenBy({ kind: "customer", customer }, probing);
}

/** Hosts whose DOWN or UNREACHABLE does not fit their parents any more, which rarely happens: transactions at once, edited parents. */
async function mendNames({ database, recording, changes, now }: WatchFreshnessDependencies): Promise<void> {
  const parents = await recording.definitions.parents(database.db);
  if (parents.childIds.length === 0) return;
  const misnamed = await findMisnamedHosts(database.db, recording.dialect, parents);
  if (misnamed.length === 0) return;
  const recorded = await database.transaction((tx) => recordObservations(tx, recording, [], [], now(), misnamed));
  publish(changes, recorded);
}

function silenceOf(overdue: OverdueObject, nowMs: number): NoticedSilence[] {
  const verdict = judgeSilence(overdue, nowMs);
  if (verdict.verdict === "wait") return [];
  const { hostId, serviceId } = overdue;
  return [{ hostId, serviceId, verdict: verdict.verdict, output: verdict.output }];
}
