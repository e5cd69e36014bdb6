import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { createDependencyJudge } from "../dependency/index.ts";
import type { DefinitionCache, MonitoredHost } from "../monitored/index.ts";
import { findCauses } from "./find-causes.ts";
import { type BadObject, findRoots, type RootedProblem } from "./find-roots.ts";

/** An object that is a root, as lists name it. */
export interface ProblemObject {
  readonly key: string;
  readonly hostId: number;
  readonly hostName: string;
  readonly serviceId: number | null;
  readonly serviceName: string | null;
  readonly customer: string | null;
}

/** All that is bad now, and what follows from what. */
export interface ProblemRoots {
  find(key: string): RootedProblem | undefined;
  objectOf(key: string): ProblemObject | undefined;
}

export const noProblemRoots: ProblemRoots = { find: () => undefined, objectOf: () => undefined };

/** The leaves of a business rule's service, by its id; ids of hosts and services. */
export type FindRuleLeaves = (serviceId: number) => {
  readonly hostIds: readonly number[];
  readonly serviceIds: readonly number[];
};

export interface ProblemRootsDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly findRuleLeaves: FindRuleLeaves;
  readonly now: () => number;
}

export interface ProblemRootsReader {
  read(): Promise<ProblemRoots>;
  /** States or definitions changed: what was read is read again when next asked for. */
  forget(): void;
}

/** Other control planes' results and the ends of periods are seen after this long. */
const maximumAgeMs = 2_000;

/** Makes a reader that works the roots out once for all who ask between two changes. */
export function createProblemRootsReader(dependencies: ProblemRootsDependencies): ProblemRootsReader {
  const { now } = dependencies;
  let known: { readonly roots: Promise<ProblemRoots>; readonly atMs: number } | undefined;
  return {
    read() {
      if (known === undefined || now() - known.atMs > maximumAgeMs) {
        const reading = { roots: findProblemRoots(dependencies), atMs: now() };
        known = reading;
        reading.roots.catch(() => {
          if (known === reading) known = undefined;
        });
      }
      return known.roots;
    },
    forget() {
      known = undefined;
    },
  };
}

export const hostKey = (id: number) => `host-${id}`;
export const serviceKey = (id: number) => `service-${id}`;

/** Reads everything that is not fine and works out what follows from what. */
export async function findProblemRoots(dependencies: ProblemRootsDependencies): Promise<ProblemRoots> {
  const { database, definitions, findRuleLeaves, now } = dependencies;
  const { db } = database;
  const badHosts = await db
    .selectFrom("host_state")
    .select("host_id")
    .where((eb) => eb.or([eb("state", ">", 0), eb("is_stale", "=", 1)]))
    .execute();
  const badServices = await db
    .selectFrom("service_state")
    .innerJoin("service", "service.id", "service_state.service_id")
    .select(["service.id", "service.host_id"])
    .where((eb) => eb.or([eb("service_state.state", ">", 0), eb("service_state.is_stale", "=", 1)]))
    .execute();
  const badHostIds = new Set(badHosts.map((row) => row.host_id));
  const hosts = await definitions.hostsById(db, new Set([...badHostIds, ...badServices.map((row) => row.host_id)]));
  const parents = await definitions.parents(db);
  const masters = await createMasterFinder(dependencies, hosts, badServices, now());

  const badKeys = new Set([
    ...badHosts.map((row) => hostKey(row.host_id)),
    ...badServices.map((row) => serviceKey(row.id)),
  ]);
  const isBad = (key: string) => badKeys.has(key);
  const objects = new Map<string, ProblemObject>();
  const bad: BadObject[] = [];
  for (const id of badHostIds) {
    const host = hosts.get(id);
    if (host === undefined) continue;
    const key = hostKey(id);
    objects.set(key, objectOf(key, host, null));
    const standing = {
      kind: "host",
      parents: parents.parentsOf(id).map(hostKey),
      failedMasters: await masters(host, null),
    } as const;
    bad.push({ key, businessImpact: host.settings.businessImpact, causes: findCauses(standing, isBad) });
  }
  for (const row of badServices) {
    const host = hosts.get(row.host_id);
    const service = host && definitions.serviceOf(host, row.id);
    if (host === undefined || service === undefined) continue;
    const key = serviceKey(row.id);
    objects.set(key, objectOf(key, host, service));
    const leaves = findRuleLeaves(row.id);
    const standing = {
      kind: "service",
      host: hostKey(host.id),
      failedMasters: await masters(host, service.name),
      leaves: [...leaves.hostIds.map(hostKey), ...leaves.serviceIds.map(serviceKey)],
    } as const;
    bad.push({ key, businessImpact: service.settings.businessImpact, causes: findCauses(standing, isBad) });
  }
  const found = findRoots(bad);
  return { find: (key) => found.get(key), objectOf: (key) => objects.get(key) };
}

function objectOf(
  key: string,
  host: MonitoredHost,
  service: { readonly id: number; readonly name: string } | null,
): ProblemObject {
  const { id: hostId, name: hostName, customer } = host;
  return { key, hostId, hostName, serviceId: service?.id ?? null, serviceName: service?.name ?? null, customer };
}

/** Makes what finds the keys of the masters that stand in the way of something bad. */
async function createMasterFinder(
  { database: { db }, definitions }: ProblemRootsDependencies,
  hosts: ReadonlyMap<number, MonitoredHost>,
  badServices: readonly { readonly id: number; readonly host_id: number }[],
  nowMs: number,
): Promise<(host: MonitoredHost, serviceName: string | null) => Promise<string[]>> {
  if ((await definitions.dependencies(db)).all.length === 0) return async () => [];
  const judge = await createDependencyJudge({ executor: db, definitions, nowMs });
  const subjects = badServices.flatMap(({ id, host_id: hostId }) => {
    const host = hosts.get(hostId);
    const service = host && definitions.serviceOf(host, id);
    return host === undefined || service === undefined ? [] : [{ host, serviceName: service.name }];
  });
  const all = [...subjects, ...Array.from(hosts.values(), (host) => ({ host, serviceName: null }))];
  await judge.prepare(all, "notification");
  await judge.prepare(all, "execution");
  return async (host, serviceName) => {
    const keys = new Set<string>();
    for (const purpose of ["notification", "execution"] as const) {
      const blocking = await judge.findBlockingMaster({ host, serviceName }, purpose);
      if (blocking === null) continue;
      const found = await definitions.hostsByName(db, new Set([blocking.master.host]));
      const master = found.get(blocking.master.host);
      if (master === undefined) continue;
      const service = blocking.master.service === null ? null : master.servicesByName.get(blocking.master.service);
      if (service === null) keys.add(hostKey(master.id));
      else if (service !== undefined) keys.add(serviceKey(service.id));
    }
    return [...keys];
  };
}
