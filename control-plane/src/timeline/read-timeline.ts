import type {
  TimelineAnswer,
  TimelineDensity,
  TimelineEntry,
  TimelineKind,
  TimelineLane,
  TimelineSeverity,
} from "@mycloud/protocol/timeline";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Scope } from "../scope/index.ts";
import { auditSources } from "./audit-sources.ts";
import { dnsSource } from "./dns-source.ts";
import { downtimeSources } from "./downtime-sources.ts";
import { objectSources } from "./object-sources.ts";
import { outageSource } from "./outage-source.ts";
import type { TimelinePlace, TimelineSource, TimelineSubject } from "./source.ts";

/** The place of a source in this list decides among entries of the same instant, so a new one goes to the end. */
const sources: readonly TimelineSource[] = [
  ...objectSources,
  ...downtimeSources,
  ...auditSources,
  outageSource,
  dnsSource,
];

export interface TimelineQuestion {
  readonly subject: TimelineSubject;
  readonly kinds: readonly TimelineKind[] | null;
  /** Only changes to states of these; null = everything. */
  readonly severities?: readonly TimelineSeverity[] | null;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly after: TimelinePlace | null;
  readonly limit: number;
}

/** One page of what happened, newest first. Every source gives at most a page, so the cost follows the page and not the history. */
export async function readTimeline(
  { db: executor, dialect }: Pick<ConnectedDatabase, "db" | "dialect">,
  scope: Scope,
  { subject, kinds, severities = null, fromMs, untilMs, after, limit }: TimelineQuestion,
): Promise<TimelineAnswer> {
  const found: (TimelinePlace & { readonly entry: TimelineEntry })[] = [];
  if (limit === 0) return { data: [], nextCursor: null };
  for (const [rank, source] of sources.entries()) {
    if (!isWanted(source, kinds, severities)) continue;
    const last = after === null ? null : { atMs: after.atMs, belowId: belowId(rank, after) };
    const entries = await source.read({
      ...{ executor, dialect, scope, subject, fromMs, untilMs, severities, last },
      limit: limit + 1,
    });
    for (const { id, entry } of entries) found.push({ atMs: entry.atMs, rank, id, entry });
  }
  found.sort((a, b) => b.atMs - a.atMs || a.rank - b.rank || b.id - a.id);
  const page = found.slice(0, limit);
  const end = page.at(-1);
  return {
    data: page.map(({ entry }) => entry),
    nextCursor: found.length > limit && end !== undefined ? formatCursor(end) : null,
  };
}

/** Newest entries of each source that are looked at for it. */
const countedEntries = 100_000;

/** How often what happened in `bins` equal parts of the range. */
export async function readDensity(
  { db: executor, dialect }: Pick<ConnectedDatabase, "db" | "dialect">,
  scope: Scope,
  { subject, kinds, severities = null, fromMs, untilMs }: Omit<TimelineQuestion, "after" | "limit">,
  bins: number,
): Promise<TimelineDensity> {
  const binMs = Math.max(1, Math.ceil((untilMs - fromMs) / bins));
  const lanes = new Map<string, TimelineLane>();
  let countedFromMs: number | null = null;
  for (const source of sources) {
    if (!isWanted(source, kinds, severities)) continue;
    const found = await source.count({
      ...{ executor, dialect, scope, subject, fromMs, untilMs, severities, binMs },
      limit: countedEntries,
    });
    if (found.countedFromMs !== null) countedFromMs = Math.max(countedFromMs ?? 0, found.countedFromMs);
    for (const { bin, severity, count } of found.counts) {
      const key = `${source.kind} ${severity}`;
      const lane = lanes.get(key) ?? { kind: source.kind, severity, counts: new Array<number>(bins).fill(0) };
      lanes.set(key, lane);
      lane.counts[bin] = (lane.counts[bin] ?? 0) + count;
    }
  }
  return { fromMs, untilMs, bins, lanes: [...lanes.values()], countedFromMs };
}

function isWanted(
  { kind }: TimelineSource,
  kinds: readonly TimelineKind[] | null,
  severities: readonly TimelineSeverity[] | null,
): boolean {
  return (kinds === null || kinds.includes(kind)) && (severities === null || kind === "state");
}

/** What of the instant of the cursor a source still has to give. */
function belowId(rank: number, after: TimelinePlace): number | "none" | "all" {
  if (rank === after.rank) return after.id;
  return rank > after.rank ? "all" : "none";
}

export function formatCursor({ atMs, rank, id }: TimelinePlace): string {
  return `${atMs}.${rank}.${id}`;
}

/** Reads a cursor that the query's schema has let through. */
export function parseCursor(text: string): TimelinePlace {
  const [atMs = 0, rank = 0, id = 0] = text.split(".").map(Number);
  return { atMs, rank, id };
}
