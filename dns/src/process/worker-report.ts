import type { ServedZone } from "@mycloud/protocol/name-server";
import { mergeHeavyHitters } from "../top-talkers/index.ts";
import type { WorkerReport } from "./messages.ts";

const topCount = 50;

/** What stays of a worker that ended: what it counted, and not what it was. */
export function countersOf(report: WorkerReport): WorkerReport {
  return { ...report, clients: [], names: [], residentBytes: 0, connections: 0, longestStallSeconds: 0 };
}

/** Two reports as one. How zones stand is what the second says, where it knows them. Pure. */
export function addReports(a: WorkerReport | undefined, b: WorkerReport): WorkerReport {
  if (a === undefined) return b;
  return {
    counters: {
      queries: a.counters.queries + b.counters.queries,
      queriesByType: addCounts(a.counters.queriesByType, b.counters.queriesByType),
      answersByCode: addCounts(a.counters.answersByCode, b.counters.answersByCode),
      rateLimited: a.counters.rateLimited + b.counters.rateLimited,
      zones: addZones(a.counters.zones, b.counters.zones),
    },
    queriesByTransport: addCounts(a.queriesByTransport, b.queriesByTransport),
    lost: addCounts(a.lost, b.lost),
    forwarded: addCounts(a.forwarded, b.forwarded),
    transfers: addCounts(a.transfers, b.transfers),
    queryLogDropped: a.queryLogDropped + b.queryLogDropped,
    clients: mergeHeavyHitters([a.clients, b.clients], topCount),
    names: mergeHeavyHitters([a.names, b.names], topCount),
    residentBytes: a.residentBytes + b.residentBytes,
    cpuSeconds: a.cpuSeconds + b.cpuSeconds,
    connections: a.connections + b.connections,
    longestStallSeconds: Math.max(a.longestStallSeconds, b.longestStallSeconds),
  };
}

type Counts = Readonly<Record<string, number>>;

function addCounts(a: Counts, b: Counts): Counts {
  const sums = { ...a };
  for (const [name, count] of Object.entries(b)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

function addZones(a: readonly ServedZone[], b: readonly ServedZone[]): ServedZone[] {
  const zones = new Map(a.map((zone) => [keyOf(zone), zone]));
  for (const zone of b) {
    const known = zones.get(keyOf(zone));
    zones.set(keyOf(zone), { ...zone, queries: zone.queries + (known?.queries ?? 0) });
  }
  return [...zones.values()];
}

function keyOf({ view, name }: ServedZone): string {
  return JSON.stringify([view, name.toLowerCase()]);
}
