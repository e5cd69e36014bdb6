import type { QueryRate } from "@mycloud/protocol/dns-zone";
import type { NameServerStatus } from "@mycloud/protocol/name-server";

/** Statuses come every 15 s: an hour of them. */
const keptRates = 240;
/** Of so many zones of a name server rates are kept: those that are asked. */
const maximumZones = 2_000;
/** Name servers that rates are kept of. */
const maximumServers = 1_000;

/** Counters as they were told last, and what came of each two of them. */
interface Series {
  last: { readonly atMs: number; readonly counts: Counts } | null;
  readonly rates: QueryRate[];
}

interface Counts {
  readonly queries: number;
  readonly nameErrors: number | null;
  readonly rateLimited: number | null;
}

interface ServerSeries {
  readonly all: Series;
  readonly zones: Map<string, Series>;
  startedAtMs: number;
}

/** How much name servers were asked in the last hour, worked out of what they told this control plane; in memory, and bounded. */
export interface QueryRates {
  note(server: string, status: NameServerStatus, nowMs: number): void;
  ofServer(server: string): readonly QueryRate[];
  /** Of all name servers together, at the times of each. */
  ofZone(name: string, view: string | null): readonly QueryRate[];
}

export function createQueryRates(): QueryRates {
  const servers = new Map<string, ServerSeries>();
  return {
    note(server, status, nowMs) {
      const series = servers.get(server) ?? freshServer(status.startedAtMs);
      servers.delete(server);
      servers.set(server, series);
      const oldest = servers.keys().next().value;
      if (servers.size > maximumServers && oldest !== undefined) servers.delete(oldest);
      // Counters begin anew with the process.
      if (series.startedAtMs !== status.startedAtMs) {
        series.startedAtMs = status.startedAtMs;
        for (const each of [series.all, ...series.zones.values()]) each.last = null;
      }
      const { queries, rateLimited, answersByCode } = status;
      noteCounts(series.all, { queries, rateLimited, nameErrors: answersByCode.NXDOMAIN ?? 0 }, nowMs);
      for (const zone of status.zones) {
        const key = zoneKey(zone.name, zone.view);
        const known = series.zones.get(key);
        if (known === undefined && (zone.queries === 0 || series.zones.size >= maximumZones)) continue;
        const own = known ?? freshSeries();
        series.zones.set(key, own);
        noteCounts(own, { queries: zone.queries, nameErrors: null, rateLimited: null }, nowMs);
      }
    },
    ofServer: (server) => servers.get(server)?.all.rates ?? [],
    ofZone(name, view) {
      const lists = [...servers.values()].map(({ zones }) => zones.get(zoneKey(name, view))?.rates ?? []);
      return together(lists.filter((rates) => rates.length > 0));
    },
  };
}

function zoneKey(name: string, view: string | null): string {
  return `${name.toLowerCase()}\0${view ?? ""}`;
}

function freshSeries(): Series {
  return { last: null, rates: [] };
}

function freshServer(startedAtMs: number): ServerSeries {
  return { all: freshSeries(), zones: new Map(), startedAtMs };
}

function noteCounts(series: Series, counts: Counts, atMs: number): void {
  const { last, rates } = series;
  series.last = { atMs, counts };
  if (last === null || atMs <= last.atMs) return;
  const seconds = (atMs - last.atMs) / 1000;
  const rate = (now: number | null, before: number | null) =>
    now === null || before === null ? null : Math.max(0, now - before) / seconds;
  rates.push({
    atMs,
    queriesPerSecond: rate(counts.queries, last.counts.queries) ?? 0,
    nameErrorsPerSecond: rate(counts.nameErrors, last.counts.nameErrors),
    rateLimitedPerSecond: rate(counts.rateLimited, last.counts.rateLimited),
  });
  if (rates.length > keptRates) rates.shift();
}

const stepMs = 15_000;

/** The sum of several servers' rates, by steps of 15 s. */
function together(lists: readonly (readonly QueryRate[])[]): readonly QueryRate[] {
  const [only] = lists;
  if (only === undefined || lists.length === 1) return only ?? [];
  const sums = new Map<number, number>();
  for (const rates of lists) {
    const steps = new Map(rates.map(({ atMs, queriesPerSecond }) => [Math.floor(atMs / stepMs), queriesPerSecond]));
    for (const [step, perSecond] of steps) sums.set(step, (sums.get(step) ?? 0) + perSecond);
  }
  return [...sums]
    .toSorted(([a], [b]) => a - b)
    .map(([step, queriesPerSecond]) => ({
      ...{ atMs: step * stepMs, queriesPerSecond, nameErrorsPerSecond: null, rateLimitedPerSecond: null },
    }));
}
