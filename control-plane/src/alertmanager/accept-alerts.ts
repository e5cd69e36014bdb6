import { createHash } from "node:crypto";
import type { LabelSet } from "@mycloud/protocol/alert";
import { IngestAnswer } from "@mycloud/protocol/check-result";
import { type AcceptPassiveDependencies, acceptPassiveResults } from "../check-result/accept-passive-results.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { chunksOf, type MonitoredHost } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import {
  findAlerts,
  findAlertsOfHosts,
  findUnsettled,
  resolveOverdue,
  type StoredAlert,
  saveAlerts,
  settle,
} from "./alert-store.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type AlertMapping, placeAlert, returnCodeOf } from "./place-alert.ts";
import type { SentAlert } from "./read-alerts.ts";
import { resultOfAlerts } from "./result-of-alerts.ts";

export interface AcceptAlertsDependencies extends AcceptPassiveDependencies {
  readonly mapping: AlertMapping;
  /** Called with the alerts that begin to fire, once they are stored and before their results are: silences may cover them. */
  readonly onNew: (begun: readonly StoredAlert[]) => Promise<void>;
}

/** Who sends alerts. */
export interface AlertSender {
  readonly scope: Scope;
  /** `token:<id>` or `user:<id>`. */
  readonly sender: string;
  /** Whether unknown hosts and services are created. */
  readonly mayRegister: boolean;
}

export interface RefusedAlert {
  readonly index: number;
  readonly message: string;
}

/** The way of alerts into services. Alerts are rows first and results afterwards, so that a crash between delays a result and loses none. */
export interface AlertIntake {
  /** Resolves once alerts and results are durable, with what was refused. */
  accept(alerts: readonly SentAlert[], sender: AlertSender): Promise<RefusedAlert[]>;
  /** Ends what was not sent again in time, and gives services the results they still lack. Under a lease. */
  settleDue(): Promise<void>;
}

const unsettledAfterMs = 5_000;
const perRound = 5_000;

/** Makes the intake: one per control plane, which takes one request after the other, so that a service's results keep their order. */
export function createAlertIntake(dependencies: AcceptAlertsDependencies): AlertIntake {
  const { database, definitions, mapping, onNew, now } = dependencies;
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const done = queue.then(work);
    queue = done.catch(() => {});
    return done;
  }

  function toStored(
    { labels, annotations, generatorUrl, startsAtMs, endsAtMs }: SentAlert,
    hostName: string,
    serviceName: string,
    host: MonitoredHost | undefined,
    scope: Scope,
  ): StoredAlert {
    const nowMs = now();
    const senders = scope.kind === "customer" ? scope.customer : null;
    return {
      identityHash: identityOf(labels, scope),
      fingerprint: fingerprintOf(labels),
      customer: host === undefined ? senders : host.customer,
      hostName,
      serviceName,
      labels,
      annotations,
      generatorUrl,
      returnCode: returnCodeOf(labels, mapping),
      startsAtMs,
      endsAtMs,
      resolvedAtMs: endsAtMs !== null && endsAtMs <= nowMs ? endsAtMs : null,
      updatedAtMs: nowMs,
    };
  }

  async function accept(sent: readonly SentAlert[], sender: AlertSender): Promise<RefusedAlert[]> {
    const nowMs = now();
    const placed = sent.map((alert) => ({ alert, ...placeAlert(alert.labels, mapping) }));
    const names = await findHostNames(database, new Set(placed.map(({ host }) => host)));
    const hosts = await definitions.hostsByName(database.db, new Set(names.values()));
    const refused: RefusedAlert[] = [];
    const stored: StoredAlert[] = [];
    for (const { alert, host, service } of placed) {
      const hostName = names.get(host) ?? host;
      const known = hosts.get(hostName);
      const isFiring = alert.endsAtMs === null || alert.endsAtMs > nowMs;
      // The end of what is not known here is no news.
      if (!isFiring && known?.servicesByName.has(service) !== true) continue;
      const fault = faultOf(known, hostName, service, sender);
      if (fault !== null) refused.push({ index: alert.index, message: fault });
      else stored.push(toStored(alert, hostName, service, known, sender.scope));
    }
    if (stored.length === 0) return refused;
    // Of the same alert twice in a request the last word counts.
    const byIdentity = new Map(stored.map((alert) => [alert.identityHash, alert]));
    const begun = await database.transaction(async (tx) => {
      const before = await findAlerts(tx, [...byIdentity.keys()]);
      const merged = [...byIdentity.values()].map((alert) => merge(before.get(alert.identityHash), alert));
      await saveAlerts(tx, database, merged);
      return merged.filter(
        ({ identityHash, resolvedAtMs }) => resolvedAtMs === null && before.get(identityHash)?.resolvedAtMs !== null,
      );
    });
    if (begun.length > 0) await onNew(begun);
    const unknown = await storeResults([...byIdentity.values()], sender);
    return [...refused, ...unknown.map((message) => ({ index: 0, message }))];
  }

  /** Gives the services of alerts the results that follow from all their alerts; answers why some were refused. */
  async function storeResults(alerts: readonly StoredAlert[], sender: AlertSender): Promise<string[]> {
    const places = new Map(alerts.map((alert) => [placeKey(alert), alert]));
    const hostNames = [...new Set(alerts.map(({ hostName }) => hostName))];
    const all = (await findAlertsOfHosts(database.db, hostNames)).filter((alert) => places.has(placeKey(alert)));
    const byPlace = Map.groupBy(all, placeKey);
    const items = [...byPlace.values()].flatMap((group, index) => {
      const [first] = group;
      if (first === undefined) return [];
      return [{ index, item: resultOfAlerts({ host: first.hostName, service: first.serviceName }, group) }];
    });
    const { scope, sender: name, mayRegister } = sender;
    const request = { parsed: { items, rejected: [] }, scope, sender: name, batchId: null, mayRegister };
    const answer = IngestAnswer.parse(JSON.parse(await acceptPassiveResults(dependencies, request)));
    await settle(database, all);
    return answer.rejected.map(({ message }) => message);
  }

  return {
    accept: (alerts, sender) => inTurn(() => accept(alerts, sender)),
    settleDue: () =>
      inTurn(async () => {
        await resolveOverdue(database.db, now());
        const resolved = await findUnsettled(database.db, now() - unsettledAfterMs, perRound);
        if (resolved.length === 0) return;
        await storeResults(resolved, { scope: { kind: "all" }, sender: "system:", mayRegister: false });
      }),
  };
}

function placeKey({ hostName, serviceName }: StoredAlert): string {
  return `${hostName}\n${serviceName}`;
}

function faultOf(
  host: MonitoredHost | undefined,
  hostName: string,
  service: string,
  { scope, mayRegister }: AlertSender,
): string | null {
  // Another customer's host is as unknown as one that does not exist, and cannot be created.
  const isSeen = host !== undefined && (scope.kind === "all" || host.customer === scope.customer);
  if (isSeen && host.servicesByName.has(service)) return null;
  if (mayRegister && (host === undefined || isSeen)) return null;
  const how = "create it, or send with a token that has scope ingest:register";
  if (!isSeen) return `there is no host "${hostName}"; ${how}`;
  return `host "${hostName}" has no service "${service}"; ${how}`;
}

/** Labels are an alert's identity, among the alerts of whoever sends it: no customer's sender touches another's. */
function identityOf(labels: LabelSet, scope: Scope): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const whose = scope.kind === "customer" ? scope.customer : "";
  return createHash("sha256")
    .update(JSON.stringify([whose, sorted]))
    .digest("hex");
}

/** What is known joined with what was sent: an alert that goes on keeps its start. */
function merge(before: StoredAlert | undefined, sent: StoredAlert): StoredAlert {
  if (before === undefined || before.resolvedAtMs !== null) return sent;
  return { ...sent, startsAtMs: Math.min(before.startsAtMs, sent.startsAtMs) };
}

/** The hosts that alerts name, by what they say: a name, or an address that a host has. */
async function findHostNames(
  { db }: ConnectedDatabase,
  said: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map([...said].map((name) => [name, name]));
  const addresses = [...said].filter((text) => /^[0-9a-f.:]+$/i.test(text));
  for (const chunk of chunksOf(addresses, 500)) {
    const rows = await db
      .selectFrom("host")
      .select(["name", "address"])
      .where("address", "in", chunk)
      .orderBy("id", "desc")
      .execute();
    const named = await db.selectFrom("host").select("name").where("name", "in", chunk).execute();
    for (const { name, address } of rows) if (address !== null) names.set(address, name);
    for (const { name } of named) names.set(name, name);
  }
  return names;
}
