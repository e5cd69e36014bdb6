import type { TimelineEntry } from "@mycloud/protocol/timeline";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { DefinitionCache, MonitoredHost } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { readTimeline } from "../timeline/index.ts";

const shownChanges = 50;
/** What breaks something rarely comes earlier than this before it is broken: passive results may be days apart. */
const beforeProblemMs = 24 * 3_600_000;
/** Where it was never fine. */
const beforeFirstMs = 3_600_000;
/** What comes later than this after it broke is of no interest. */
const lookedThroughMs = 24 * 3_600_000;

export interface ChangesDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly now: () => number;
}

/**
 * What changed since an object was last fine, at most a day before and after its problem began, oldest first: states of its host, of the host's parents and of
 * the host's other services, downtimes, definitions, agents, commands. What the object did itself is left out.
 */
export async function findChangesSince(
  { database, definitions, now }: ChangesDependencies,
  scope: Scope,
  host: MonitoredHost,
  serviceId: number | null,
  { lastOkAtMs, startedAtMs }: { readonly lastOkAtMs: number | null; readonly startedAtMs: number },
): Promise<TimelineEntry[]> {
  const fromMs =
    lastOkAtMs === null ? startedAtMs - beforeFirstMs : Math.max(lastOkAtMs, startedAtMs - beforeProblemMs);
  const parentIds = (await definitions.parents(database.db)).parentsOf(host.id);
  const parents = await definitions.hostsById(database.db, new Set(parentIds));
  const seen = [...parents.values()].filter((one) => scope.kind === "all" || one.customer === scope.customer);
  const { data } = await readTimeline(database, scope, {
    subject: { hosts: [host, ...seen], service: undefined },
    kinds: ["state", "downtime", "definition", "agent", "command", "outage"],
    fromMs,
    untilMs: Math.min(now() + 1000, startedAtMs + lookedThroughMs),
    after: null,
    limit: 500,
  });
  return data
    .toReversed()
    .filter((entry) => isChange(entry) && !isOwn(entry, host.id, serviceId) && isNear(entry, host.id))
    .slice(0, shownChanges);
}

/** One more attempt that failed changes nothing. */
function isChange({ kind, title }: TimelineEntry): boolean {
  return kind !== "state" || !title.startsWith("still ");
}

function isOwn(entry: TimelineEntry, hostId: number, serviceId: number | null): boolean {
  return entry.kind === "state" && entry.hostId === hostId && entry.serviceId === serviceId;
}

/** Of parents only what they did themselves, not their services. */
function isNear({ hostId, serviceId, kind }: TimelineEntry, ownHostId: number): boolean {
  return kind !== "state" || hostId === ownHostId || serviceId === null;
}
