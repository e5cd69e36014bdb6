import { setImmediate } from "node:timers/promises";
import type {
  AvailabilityAnswer,
  AvailabilityQuery,
  AvailabilityStretch,
  AvailabilitySummary,
  ObjectAvailability,
} from "@mycloud/protocol/availability";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { chunksOf, type DefinitionCache } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { addFigures } from "./add-up.ts";
import { findReportedObjects } from "./find-objects.ts";
import { measureObject } from "./measure-object.ts";
import type { TimeSpan } from "./overlay-spans.ts";
import { periodSpans } from "./period-spans.ts";
import { readDowntimeSpans } from "./read-downtimes.ts";
import { readPasts } from "./read-pasts.ts";

const maximumStretches = 2_000;
const objectsPerRound = 50;

export interface AvailabilityDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly now: () => number;
}

/** One page of a report. What has not happened yet is not in it: a range that ends in the future ends now. */
export async function readAvailability(
  { database, definitions, now }: AvailabilityDependencies,
  scope: Scope,
  query: AvailabilityQuery,
): Promise<AvailabilityAnswer> {
  const { db, dialect } = database;
  const fromMs = Math.min(query.fromMs, now());
  const untilMs = Math.min(query.untilMs, now());
  const { page, total } = await findReportedObjects(db, dialect, scope, query);
  const hosts = await definitions.hostsById(db, new Set(page.map((object) => object.hostId)));
  const downtimesOf = await readDowntimeSpans(db, fromMs, untilMs);
  const outages = await readOutages(db, fromMs, untilMs);
  const period = await spansOfPeriod(db, definitions, query.period, fromMs, untilMs);

  const data: ObjectAvailability[] = [];
  // A few at a time: of a year of many that flap, the entries of one round are all that is ever in memory, and others are answered between two rounds.
  for (const round of chunksOf(page, objectsPerRound)) {
    const hostIds = round.flatMap((object) => (object.serviceId === null ? [object.hostId] : []));
    const serviceIds = round.flatMap((object) => object.serviceId ?? []);
    const hostPasts = await readPasts(db, dialect, "host", hostIds, fromMs, untilMs);
    const servicePasts = await readPasts(db, dialect, "service", serviceIds, fromMs, untilMs);
    for (const object of round) {
      const host = hosts.get(object.hostId);
      const past = object.serviceId === null ? hostPasts.get(object.hostId) : servicePasts.get(object.serviceId);
      // Deleted between two queries.
      if (host === undefined || past === undefined) continue;
      const downtimes = downtimesOf(host, object.serviceId, object.serviceName);
      const circumstances = { downtimes, outages, period, isSoftCounted: query.soft };
      const { figures, stretches } = measureObject(past, circumstances, fromMs, untilMs);
      data.push({ ...object, ...figures, ...cut(query.stretches ? stretches : []) });
    }
    await setImmediate();
  }
  return {
    fromMs,
    untilMs,
    period: query.period ?? null,
    isSoftCounted: query.soft,
    summaries: summariesOf(data),
    data,
    total,
  };
}

/** At most as many stretches as a bar can show, the newest. */
function cut(stretches: readonly AvailabilityStretch[]): Pick<ObjectAvailability, "stretches" | "isCut"> {
  return { stretches: stretches.slice(-maximumStretches), isCut: stretches.length > maximumStretches };
}

function summariesOf(data: readonly ObjectAvailability[]): AvailabilitySummary[] {
  const of = (kind: AvailabilitySummary["kind"], objects: readonly ObjectAvailability[]) =>
    objects.length === 0 ? [] : [{ kind, count: objects.length, ...addFigures(objects) }];
  return [
    ...of(
      "hosts",
      data.filter((object) => object.serviceId === null),
    ),
    ...of(
      "services",
      data.filter((object) => object.serviceId !== null),
    ),
  ];
}

async function readOutages(executor: Executor, fromMs: number, untilMs: number): Promise<TimeSpan[]> {
  const rows = await executor
    .selectFrom("watch_outage")
    .select(["from_at_ms", "until_at_ms"])
    .where("until_at_ms", ">", fromMs)
    .where("from_at_ms", "<", untilMs)
    .execute();
  return rows.map((row) => ({ fromMs: row.from_at_ms, untilMs: row.until_at_ms }));
}

async function spansOfPeriod(
  executor: Executor,
  definitions: DefinitionCache,
  name: string | undefined,
  fromMs: number,
  untilMs: number,
): Promise<TimeSpan[] | null> {
  if (name === undefined) return null;
  const known = await executor
    .selectFrom("definition")
    .select("id")
    .where("kind", "=", "TimePeriod")
    .where("name", "=", name)
    .executeTakeFirst();
  // Unknown periods count as always elsewhere; here that would be a wrong figure.
  if (known === undefined) throw new NotFoundError(`there is no time period ${name}`);
  return periodSpans(await definitions.timePeriods(executor), name, fromMs, untilMs);
}
