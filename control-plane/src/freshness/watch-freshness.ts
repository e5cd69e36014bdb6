import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import {
  type NoticedSilence,
  type RecordDependencies,
  recordObservations,
} from "../check-result/record-observations.ts";
import { publish } from "../check-result/store-batches.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { judgeSilence, type OverdueObject } from "./judge-silence.ts";
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
}

async function judgeAll(
  dependencies: WatchFreshnessDependencies,
  find: typeof findOverdueHosts,
  signal: AbortSignal,
): Promise<void> {
  const { database, recording, changes, now } = dependencies;
  const overdue = await find(database.db, now(), objectsPerRound);
  const silences = overdue.flatMap((one) => silenceOf(one, now()));
  // Small transactions: ingest waits for their locks.
  for (let at = 0; at < silences.length && !signal.aborted; at += 200) {
    const part = silences.slice(at, at + 200);
    const recorded = await database.transaction((tx) => recordObservations(tx, recording, [], part, now()));
    publish(changes, recorded);
  }
}

function silenceOf(overdue: OverdueObject, nowMs: number): NoticedSilence[] {
  const verdict = judgeSilence(overdue, nowMs);
  if (verdict.verdict === "wait") return [];
  const { hostId, serviceId } = overdue;
  return [{ hostId, serviceId, verdict: verdict.verdict, output: verdict.output }];
}
