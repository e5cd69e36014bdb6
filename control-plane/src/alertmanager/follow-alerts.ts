import { matchesService, ServiceSelector } from "@mycloud/protocol/selector";
import { systemActor } from "../http/actor.ts";
import type { DefinitionCache, MonitoredHost } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { type AlertObject, coverageOf } from "./alert-object.ts";
import { findAlertsOfHosts, type StoredAlert } from "./alert-store.ts";
import { carryOut } from "./carry-out-silence.ts";
import { compileMatchers } from "./matcher.ts";
import { objectsOfHost, usualBusinessImpact } from "./objects-of-host.ts";
import { changeCover } from "./plan-cover.ts";
import { findDowntimesOf, findOpenSilences, findOpenSilencesWithSelectors, type OpenSilence } from "./silence-store.ts";
import type { SilencesDependencies } from "./silences.ts";

/**
 * Makes the downtimes of open silences what they should be when alerts began to fire. Most alerts are meant by no silence, or are of a service that
 * one covers already; of the others, the hosts are looked at and nothing else, so that a storm of alerts costs little more with silences than without.
 */
export async function followAlerts(
  { database, definitions, audit, changes, logger, now }: SilencesDependencies,
  begun: readonly StoredAlert[],
): Promise<void> {
  const { db, dialect } = database;
  const open = await findOpenSilencesWithSelectors(db, now());
  if (open.length === 0) return;
  const hosts = await definitions.hostsByName(db, new Set(begun.map(({ hostName }) => hostName)));
  const touched = new Map(open.map((silence) => [silence.id, touchedHosts(silence, begun, hosts)]));
  const names = new Set([...touched.values()].flatMap((own) => [...own]));
  if (names.size === 0) return;
  const objects = await readObjects({ database, definitions }, names);
  const hasChanged = await database.transaction(async (tx) => {
    const nowMs = now();
    let changed = false;
    for (const silence of await findOpenSilences(tx, dialect, nowMs)) {
      // One that was made meanwhile knew these alerts; one that somebody cancelled is ended by the regular following.
      const own = touched.get(silence.id);
      if (own === undefined || own.size === 0 || silence.expiredAtMs !== null) continue;
      const { customer } = silence;
      const seen = [...own].flatMap((name) => objects.get(name) ?? []).filter((object) => isSeen(customer, object));
      const downtimes = await findDowntimesOf(tx, silence.id);
      const current = downtimes.map(({ selectorJson }) => ServiceSelector.parse(JSON.parse(selectorJson)));
      const cover = changeCover(current, silence.matchers, seen);
      if (cover.fault !== null) logger.debug({ silence: silence.id, fault: cover.fault }, "silence covers less");
      const scope: Scope = customer === null ? { kind: "all" } : { kind: "customer", customer };
      if (await carryOut(tx, audit, { actor: systemActor, scope }, silence, cover, nowMs)) changed = true;
    }
    return changed;
  });
  if (hasChanged) changes.publish("downtimes", null);
}

/** The hosts on which alerts may change what a silence covers: those that it means and does not cover, and others of hosts that it names. */
function touchedHosts(
  { matchers, customer, selectors }: OpenSilence,
  begun: readonly StoredAlert[],
  hosts: ReadonlyMap<string, MonitoredHost>,
): Set<string> {
  const matches = compileMatchers(matchers);
  const named = new Set(selectors.flatMap((selector) => selector.hosts ?? []));
  const touched = new Set<string>();
  for (const alert of begun) {
    const { hostName, serviceName } = alert;
    if (touched.has(hostName)) continue;
    const known = hosts.get(hostName);
    const [object] = objectsOfHost(hostOf(known, alert), usualBusinessImpact, [], [alert]).slice(1);
    if (object === undefined || !isSeen(customer, object)) continue;
    const impact = known?.servicesByName.get(serviceName)?.settings.businessImpact ?? usualBusinessImpact;
    const isMeant = coverageOf(matches, { ...object, businessImpact: impact }) === "covered";
    const isCovered = () => selectors.some((selector) => matchesService(selector, object.host, serviceName));
    if (isMeant ? !isCovered() : named.has(hostName)) touched.add(hostName);
  }
  return touched;
}

async function readObjects(
  { database, definitions }: Pick<SilencesDependencies, "database"> & { readonly definitions: DefinitionCache },
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, AlertObject[]>> {
  const alerts = Map.groupBy(await findAlertsOfHosts(database.db, [...names]), ({ hostName }) => hostName);
  const hosts = await definitions.hostsByName(database.db, names);
  const objects = new Map<string, AlertObject[]>();
  for (const [name, own] of alerts) {
    const known = hosts.get(name);
    const [first] = own;
    if (first === undefined) continue;
    const services = Array.from(known?.servicesByName.values() ?? [], (service) => ({
      name: service.name,
      businessImpact: service.settings.businessImpact,
    }));
    const impact = known?.settings.businessImpact ?? usualBusinessImpact;
    objects.set(name, objectsOfHost(hostOf(known, first), impact, services, own));
  }
  return objects;
}

/** A host that its alerts will create is whose they are. */
function hostOf(known: MonitoredHost | undefined, { hostName, customer }: StoredAlert): AlertObject["host"] {
  return known ?? { name: hostName, customer, groups: [], labels: {} };
}

function isSeen(customer: string | null, { host }: AlertObject): boolean {
  return customer === null || host.customer === customer;
}
