import { describeExpositionFault, parseExposition } from "@mycloud/protocol/exposition";
import type { MetricsPush } from "@mycloud/protocol/host-metrics";
import { believeClock } from "../check-result/believe-clock.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { InputError, NotFoundError, UnavailableError } from "../error/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { RemoteWrites } from "../remote-write/index.ts";
import { everything } from "../scope/index.ts";
import type { FindMetricsJobs } from "./metrics-job.ts";
import { endedSamples, hasSameSeries, pushedSamples, readTaken } from "./pushed-samples.ts";
import { findHostMetrics, type HostMetrics, packExposition, saveHostMetrics, unpackExposition } from "./store.ts";

export interface AcceptPushDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: Pick<DefinitionCache, "hostsById">;
  readonly findJobs: FindMetricsJobs;
  readonly remoteWrites: Pick<RemoteWrites, "isWanted" | "write">;
  readonly now: () => number;
}

/** Intervals without a push after which the last one counts no more. */
const intervalsUntilStale = 3;
const defaultIntervalSeconds = 60;
/** An agent sends one batch after the other: what comes twice is among the newest. */
const rememberedBatches = 8;

/** How many samples were taken; null when they had been already. */
export interface AcceptedPush {
  readonly samples: number | null;
}

/**
 * Takes what an agent pushed: first into the queues of remote writes, then as the host's latest. Once for each batch id. Throws InputError that names the
 * line that is no exposition, NotFoundError when the host is gone, UnavailableError when it could not be kept.
 */
export async function acceptPush(
  { database, definitions, findJobs, remoteWrites, now }: AcceptPushDependencies,
  hostId: number,
  { batchId, scrapedAtMs: sentAtMs, exposition }: MetricsPush,
): Promise<AcceptedPush> {
  const { db, dialect } = database;
  const { families, fault } = parseExposition(exposition);
  if (families === undefined) {
    const message = describeExpositionFault(fault);
    throw new InputError(`exposition: ${message}`, [{ field: "exposition", value: fault.found, message }]);
  }
  const host = (await definitions.hostsById(db, new Set([hostId]))).get(hostId);
  if (host === undefined) throw new NotFoundError("this agent's host is gone");
  const before = await findHostMetrics(db, everything, hostId);
  if (before?.batchIds.includes(batchId)) return { samples: null };
  const nowMs = now();
  const { checkedAtMs: scrapedAtMs } = believeClock(sentAtMs, nowMs);
  const samples = pushedSamples(families, host.name, scrapedAtMs);
  const isNewest = before === null || before.scrapedAtMs <= scrapedAtMs;
  if (remoteWrites.isWanted("pushed")) {
    const isContinued = before !== null && !before.isEnded && isNewest;
    const textBefore = isContinued ? await unpackExposition(before) : exposition;
    const earlier = hasSameSeries(textBefore, exposition) ? [] : readTaken(textBefore);
    try {
      await remoteWrites.write("pushed", [...samples, ...endedSamples(earlier, families, host.name, scrapedAtMs)]);
    } catch (cause) {
      throw new UnavailableError("the samples could not be kept for writing them on; send them again", 5, cause);
    }
  }
  const intervalSeconds = (await findJobs([hostId])).get(hostId)?.pushIntervalSeconds ?? defaultIntervalSeconds;
  const batchIds = [batchId, ...(before?.batchIds ?? [])].slice(0, rememberedBatches);
  const latest: HostMetrics = isNewest
    ? {
        hostId,
        batchIds,
        scrapedAtMs,
        staleAtMs: scrapedAtMs + intervalsUntilStale * intervalSeconds * 1000,
        isEnded: false,
        samples: samples.length,
        expositionGzip: await packExposition(exposition),
      }
    : { ...before, batchIds };
  await saveHostMetrics(db, dialect, latest);
  return { samples: samples.length };
}
