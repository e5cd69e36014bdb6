import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { RemoteWrites } from "../remote-write/index.ts";
import { endedSamples, readTaken } from "./pushed-samples.ts";
import { findEnded, markEnded, unpackExposition } from "./store.ts";

interface EndStaleDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: Pick<DefinitionCache, "hostsById">;
  readonly remoteWrites: Pick<RemoteWrites, "isWanted" | "write">;
}

const atATime = 20;

/**
 * Tells remote writes that the series of hosts have ended which push no more, as Prometheus does when a target is gone. Answers of how many hosts. The
 * end is dated right behind the last sample: what an agent kept while it could not push comes later and is still in order.
 */
export async function endStaleSeries(
  { database: { db }, definitions, remoteWrites }: EndStaleDependencies,
  nowMs: number,
  signal: AbortSignal,
): Promise<number> {
  let ended = 0;
  while (!signal.aborted) {
    const found = await findEnded(db, nowMs, atATime);
    const hosts = await definitions.hostsById(db, new Set(found.map(({ hostId }) => hostId)));
    for (const metrics of found) {
      const host = hosts.get(metrics.hostId);
      if (host !== undefined && remoteWrites.isWanted("pushed")) {
        const families = readTaken(await unpackExposition(metrics));
        await remoteWrites.write("pushed", endedSamples(families, [], host.name, metrics.scrapedAtMs + 1));
      }
      await markEnded(db, metrics);
      ended++;
    }
    if (found.length < atATime) break;
  }
  return ended;
}
