import { matchesService, ServiceSelector } from "@mycloud/protocol/selector";
import { sql } from "kysely";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import { idList } from "../../monitored/index.ts";
import { turnOfOthers, type ViewedHost, type ViewedObject } from "../../status-view/index.ts";
import { RequestError } from "../request/index.ts";
import { type HistoricChange, type HistoricStretch, type Stretch, statesFrom, stretchesOf } from "./state-history.ts";

/** Changes read for one query. */
const maximumChanges = 200_000;

type Key = `${"h" | "s"}${number}`;
const keyOf = (object: ViewedObject): Key => `${object.kind === "host" ? "h" : "s"}${object.id}`;

/** The past of hosts and their services, a host at a time. Throws RequestError (413) when too much happened. */
export async function* readStateHistory(
  database: ConnectedDatabase,
  hosts: readonly ViewedHost[],
  range: Stretch,
  sees: (object: ViewedObject) => boolean,
): AsyncGenerator<readonly HistoricStretch[]> {
  const changes = await readChanges(database, hosts, range.fromMs);
  const downtimesOf = await readDowntimes(database, range);
  for (const host of hosts) {
    const hostStates = statesFrom(host, changes.get(keyOf(host)) ?? [], range.fromMs);
    const hostDowntimes = downtimesOf(host);
    yield [host, ...host.services].filter(sees).flatMap((object) =>
      stretchesOf(
        {
          object,
          states: object === host ? hostStates : statesFrom(object, changes.get(keyOf(object)) ?? [], range.fromMs),
          hostStates,
          downtimes: downtimesOf(object),
          hostDowntimes,
        },
        range,
      ),
    );
    await turnOfOthers();
  }
}

/** Until now, not until the end of the range: the first change after it says what was before. */
async function readChanges({ db, dialect }: ConnectedDatabase, hosts: readonly ViewedHost[], fromMs: number) {
  const ids = hosts.map((host) => host.id);
  const rows = await db
    .selectFrom("state_change")
    .select(["host_id", "service_id", "from_state", "to_state", "output", "at_ms"])
    .where("kind", "in", ["state", "stale-start", "stale-stop"])
    .where("at_ms", ">=", fromMs)
    .where(sql<boolean>`host_id in ${idList(dialect, ids)}`)
    .orderBy("at_ms")
    .orderBy("id")
    .limit(maximumChanges + 1)
    .execute();
  if (rows.length > maximumChanges)
    throw new RequestError(413, `more than ${maximumChanges} changes; say a shorter time or fewer hosts`);
  const byObject = new Map<Key, HistoricChange[]>();
  for (const row of rows) {
    const key: Key = row.service_id === null ? `h${row.host_id}` : `s${row.service_id}`;
    const change = { fromState: row.from_state, toState: row.to_state, output: row.output, atMs: row.at_ms };
    const known = byObject.get(key);
    if (known === undefined) byObject.set(key, [change]);
    else known.push(change);
  }
  return byObject;
}

/** When each object was in downtime: fixed ones by their selectors as hosts are now, flexible ones as they began. */
async function readDowntimes({ db }: ConnectedDatabase, { fromMs, untilMs }: Stretch) {
  const rows = await db
    .selectFrom("downtime")
    .select(["selector_json", "customer", "start_at_ms", "end_at_ms", "cancelled_at_ms"])
    .where("is_fixed", "=", 1)
    .where("triggered_by_id", "is", null)
    .where("start_at_ms", "<", untilMs)
    .where("end_at_ms", ">", fromMs)
    .execute();
  const fixed = rows.map((row) => ({
    selector: ServiceSelector.parse(JSON.parse(row.selector_json)),
    customer: row.customer,
    fromMs: row.start_at_ms,
    untilMs: Math.min(row.end_at_ms, row.cancelled_at_ms ?? row.end_at_ms),
  }));
  const activations = await db
    .selectFrom("downtime_activation")
    .select(["host_id", "service_id", "started_at_ms", "ends_at_ms", "ended_at_ms"])
    .where("started_at_ms", "<", untilMs)
    .where("ends_at_ms", ">", fromMs)
    .execute();
  const flexible = Map.groupBy(
    activations,
    (row): Key => (row.service_id === null ? `h${row.host_id}` : `s${row.service_id}`),
  );
  return (object: ViewedObject): Stretch[] => {
    const host = object.kind === "host" ? object : object.host;
    const serviceName = object.kind === "host" ? undefined : object.name;
    return [
      ...fixed.filter(
        ({ selector, customer }) =>
          (customer === null || customer === host.customer) && matchesService(selector, host, serviceName),
      ),
      ...(flexible.get(keyOf(object)) ?? []).map((row) => ({
        fromMs: row.started_at_ms,
        untilMs: Math.min(row.ends_at_ms, row.ended_at_ms ?? row.ends_at_ms),
      })),
    ];
  };
}
