import type { IngestAnswer, PassiveCheckResult, RejectedItem } from "@mycloud/protocol/check-result";
import { HostName, ServiceName } from "@mycloud/protocol/name";
import type { ChangeBus } from "../change/index.ts";
import { syncServicesOfHosts } from "../check/sync-services.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { createHost } from "../host/create-host.ts";
import type { DefinitionCache, MonitoredHost } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { createServices } from "../service/create-services.ts";
import type { AcceptCheckResults, IncomingResult, RefusalCode } from "./incoming-result.ts";
import type { IndexedItem, ParsedItems } from "./parse-passive-items.ts";

export interface AcceptPassiveDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly changes: ChangeBus;
  readonly now: () => number;
  readonly acceptCheckResults: AcceptCheckResults;
}

export interface PassiveRequest {
  readonly parsed: ParsedItems;
  readonly scope: Scope;
  /** `token:<id>` or `user:<id>`. */
  readonly sender: string;
  readonly batchId: string | null;
  /** Whether unknown hosts and services are registered. */
  readonly mayRegister: boolean;
}

/** A rejected item, or the result to store. */
type Resolved = { readonly rejected: RejectedItem } | { readonly index: IndexedItem; readonly result: IncomingResult };

/**
 * Stores what somebody sent to POST /api/v1/check-results: finds hosts and services by name, within the sender's scope, registers unknown ones
 * where that is allowed, and answers item by item once the good ones are durable.
 */
export async function acceptPassiveResults(
  dependencies: AcceptPassiveDependencies,
  request: PassiveRequest,
): Promise<string> {
  const { database, definitions, acceptCheckResults } = dependencies;
  const { items, rejected } = request.parsed;
  const names = new Set(items.map(({ item }) => item.host));
  let hosts = await definitions.hostsByName(database.db, names);
  if (request.mayRegister && items.some(({ item }) => isUnknown(hosts, item))) {
    await registerUnknown(dependencies, request, hosts);
    hosts = await definitions.hostsByName(database.db, names);
  }
  const refused = [...rejected];
  const accepted: { index: IndexedItem; result: IncomingResult }[] = [];
  for (const indexed of items) {
    const resolved = resolve(hosts, request.scope, indexed);
    if ("rejected" in resolved) refused.push(resolved.rejected);
    else accepted.push(resolved);
  }
  const stored = await acceptCheckResults({
    results: accepted.map(({ result }) => result),
    sender: request.sender,
    batchId: request.batchId,
    describe(outcomes) {
      let clockSkewed = 0;
      const all = [...refused];
      for (const [position, outcome] of outcomes.entries()) {
        const item = accepted[position];
        if (outcome.isAccepted) clockSkewed += outcome.isClockSkewed ? 1 : 0;
        else if (item) all.push(refusedItem(item.index, outcome.code));
      }
      all.sort((a, b) => a.index - b.index);
      const count = items.length + rejected.length - all.length;
      return JSON.stringify({
        accepted: count,
        rejected: all,
        clockSkewed,
        isDuplicate: false,
      } satisfies IngestAnswer);
    },
  });
  // The stored text says false; a replay differs in this one word.
  return stored.isDuplicate
    ? stored.answerJson.replace(/"isDuplicate":false\}$/, '"isDuplicate":true}')
    : stored.answerJson;
}

function resolve(hosts: ReadonlyMap<string, MonitoredHost>, scope: Scope, indexed: IndexedItem): Resolved {
  const { item } = indexed;
  const host = hosts.get(item.host);
  // Another customer's host is as unknown as one that does not exist.
  if (host === undefined || (scope.kind === "customer" && host.customer !== scope.customer)) {
    return { rejected: unknownItem(indexed, "host") };
  }
  const service = item.service ? host.servicesByName.get(item.service) : undefined;
  if (item.service && service === undefined) return { rejected: unknownItem(indexed, "service") };
  return {
    index: indexed,
    result: {
      hostId: host.id,
      serviceId: service?.id ?? null,
      returnCode: item.returnCode,
      output: item.output,
      checkedAtMs: item.checkedAtMs,
      executionTimeSeconds: item.executionTimeSeconds,
      isPassive: true,
    },
  };
}

function refusedItem(indexed: IndexedItem, code: RefusalCode): RejectedItem {
  if (code !== "MYCLOUD_PASSIVE_CHECKS_DISABLED") {
    return unknownItem(indexed, code === "MYCLOUD_UNKNOWN_HOST" ? "host" : "service");
  }
  const { index, item } = indexed;
  const names = { host: item.host, ...(item.service ? { service: item.service } : {}) };
  const name = item.service ? `service "${item.service}" of host "${item.host}"` : `host "${item.host}"`;
  return { index, ...names, code, message: `${name} takes no passive results (isPassiveCheckEnabled is false)` };
}

function unknownItem({ index, item }: IndexedItem, what: "host" | "service"): RejectedItem {
  const names = { host: item.host, ...(item.service ? { service: item.service } : {}) };
  // A name that could not be given to anything is a fault of its own: registering would not help.
  const name = what === "host" ? HostName.safeParse(item.host) : ServiceName.safeParse(item.service);
  if (!name.success) return { index, ...names, code: "MYCLOUD_INPUT", message: name.error.issues[0]?.message ?? "" };
  const message =
    what === "host"
      ? `there is no host "${item.host}"; create it, or send with a token that has scope ingest:register`
      : `host "${item.host}" has no service "${item.service}"; create it, or send with a token that has scope ingest:register`;
  return { index, ...names, code: what === "host" ? "MYCLOUD_UNKNOWN_HOST" : "MYCLOUD_UNKNOWN_SERVICE", message };
}

function isUnknown(hosts: ReadonlyMap<string, MonitoredHost>, item: PassiveCheckResult): boolean {
  const host = hosts.get(item.host);
  return host === undefined || (!!item.service && !host.servicesByName.has(item.service));
}

/**
 * Creates the hosts and passive services a request names that do not exist. Names that are not allowed stay unknown, and are refused by name.
 * Two requests that register the same at once: one waits for the other, fails on the unique name, and finds it on the second try.
 */
async function registerUnknown(
  dependencies: AcceptPassiveDependencies,
  request: PassiveRequest,
  hosts: ReadonlyMap<string, MonitoredHost>,
): Promise<void> {
  const { database, definitions, changes, now } = dependencies;
  const wanted = new Map<string, Set<string>>();
  for (const { item } of request.parsed.items) {
    if (!isUnknown(hosts, item) || !HostName.safeParse(item.host).success) continue;
    const services = wanted.get(item.host) ?? new Set();
    wanted.set(item.host, services);
    if (item.service && ServiceName.safeParse(item.service).success) services.add(item.service);
  }
  if (wanted.size === 0) return;
  for (let attempt = 1; ; attempt++) {
    try {
      await database.transaction((tx) => registerIn(tx, database, request.scope, wanted, now()));
      break;
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
  definitions.forget();
  changes.publish("definitions", null);
}

async function registerIn(
  tx: Executor,
  { dialect }: ConnectedDatabase,
  scope: Scope,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
  nowMs: number,
): Promise<void> {
  for (const [name, services] of wanted) {
    const existing = await tx.selectFrom("host").select(["id", "customer"]).where("name", "=", name).executeTakeFirst();
    if (existing && scope.kind === "customer" && existing.customer !== scope.customer) continue;
    const hostId = existing?.id ?? (await registerHost(tx, dialect, name, scope, nowMs));
    const present = await tx.selectFrom("service").select("name").where("host_id", "=", hostId).execute();
    const taken = new Set(present.map((row) => row.name));
    const missing = [...services].filter((service) => !taken.has(service));
    const passive = {
      hostId,
      checkId: null,
      maxCheckAttempts: 1,
      freshnessSeconds: null,
      notes: "",
      overdueAtMs: null,
    };
    await createServices(
      tx,
      dialect,
      missing.map((service) => ({ ...passive, name: service })),
      nowMs,
    );
  }
}

async function registerHost(
  tx: Executor,
  dialect: ConnectedDatabase["dialect"],
  name: string,
  scope: Scope,
  nowMs: number,
): Promise<number> {
  const host = {
    name,
    displayName: null,
    address: null,
    labels: {},
    groups: [],
    customer: scope.kind === "customer" ? scope.customer : null,
    notes: "",
    maxCheckAttempts: 3,
    freshnessSeconds: null,
    origin: "registered",
  } as const;
  const id = await createHost(tx, dialect, { ...host, labels: {}, groups: [] }, nowMs);
  await syncServicesOfHosts(tx, dialect, [id], "keep", nowMs);
  return id;
}
