import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { type IsIn, type PublishedStep, publishedOf, saveStep } from "../dns-publish/index.ts";
import { type PlannedDifference, planStep } from "../dns-zone/plan-change.ts";
import { findBoundRrsets, setPublished } from "../dns-zone/rrset-store.ts";
import { type StoredRrset, valuesOf } from "../dns-zone/rrset-values.ts";
import { absoluteTextOf, zoneNameOf } from "../dns-zone/zone-name.ts";
import { lockZone, type StoredZone } from "../dns-zone/zone-store.ts";
import { everything } from "../scope/index.ts";
import {
  type FollowedService,
  findOut,
  findServices,
  type HealthChange,
  type ServiceName,
  saveHealthChanges,
  saveStandings,
  serviceKey,
} from "./health-store.ts";
import { returnsAtMs, type Standing, standingAfter } from "./standing.ts";

/** What came of a look at all services that records name. */
export interface Followed {
  /** Zones of which something else is published now. */
  readonly zoneIds: readonly number[];
  /** When a service that is well again comes back; null where none is waited for. */
  readonly nextAtMs: number | null;
}

/** Which records may be handed out, as services stand: read in the transaction that publishes. */
export async function readBindings(executor: Executor): Promise<IsIn> {
  const out = await findOut(executor);
  return ({ service }) => service === undefined || !out.has(serviceKey(service));
}

/**
 * Looks at every service that a record names, and publishes the zones whose answers change by it: each in a transaction of its own, with a serial of its
 * own. What is published is worked out of what is stored, so that doing it again does nothing.
 */
export async function followServices(database: ConnectedDatabase, nowMs: number): Promise<Followed> {
  const { db, dialect } = database;
  const bound = await findBoundRrsets(db, null);
  const names = bound.flatMap(({ rrset }) => servicesOf(rrset));
  const services = await findServices(db, names);
  const changed: [number, Standing][] = [];
  const returns: number[] = [];
  for (const { id, seen, standing: before } of services.values()) {
    const standing = standingAfter(before, seen, nowMs);
    if (standing.isOut !== (before?.isOut ?? false)) changed.push([id, standing]);
    const atMs = returnsAtMs(standing, seen);
    if (atMs !== null) returns.push(atMs);
  }
  await saveStandings(db, dialect, changed);
  const isIn = await readBindings(db);
  const stale = new Set(bound.filter(({ rrset }) => isOther(rrset, isIn)).map(({ zoneId }) => zoneId));
  const zoneIds: number[] = [];
  for (const zoneId of stale) {
    if (await publishZone(database, zoneId, services, nowMs)) zoneIds.push(zoneId);
  }
  return { zoneIds, nextAtMs: returns.length === 0 ? null : Math.min(...returns) };
}

function servicesOf({ records }: StoredRrset): ServiceName[] {
  return records.flatMap(({ service }) => (service === undefined ? [] : [service]));
}

function isOther(rrset: StoredRrset, isIn: IsIn): boolean {
  return JSON.stringify(publishedOf(rrset, isIn)) !== JSON.stringify(rrset.published);
}

/** Whether anything of a zone is published differently now. */
async function publishZone(
  { dialect, ...database }: ConnectedDatabase,
  zoneId: number,
  services: ReadonlyMap<string, FollowedService>,
  nowMs: number,
): Promise<boolean> {
  return await database.transaction(async (tx) => {
    const zone = await lockZone(tx, dialect, everything, { id: zoneId });
    if (zone === null) return false;
    const isIn = await readBindings(tx);
    const rrsets = (await findBoundRrsets(tx, zoneId))
      .map(({ rrset }) => rrset)
      .filter((rrset) => isOther(rrset, isIn));
    const differences = rrsets.map((rrset) => differenceOf(rrset, zone, isIn));
    for (const { before, published } of differences) {
      if (before !== null) await setPublished(tx, before.id, published);
    }
    const step = planStep(zone, zone.settings, differences, nowMs, undefined);
    if (step === null) return false;
    await tx.updateTable("dns_zone").set({ serial: step.toSerial }).where("id", "=", zoneId).execute();
    await saveStep(tx, dialect, zoneId, step, nowMs);
    await saveHealthChanges(tx, dialect, zoneId, changesOf(zone, differences, step, services, nowMs));
    return true;
  });
}

function differenceOf(rrset: StoredRrset, zone: StoredZone, isIn: IsIn): PlannedDifference {
  return {
    place: rrset,
    owner: zoneNameOf(absoluteTextOf(rrset.name, zone.name)).apex,
    before: rrset,
    after: valuesOf(rrset),
    published: publishedOf(rrset, isIn),
  };
}

/** A record that is handed out differently is told of with its own service, or, where others of its RRset decided, with the first that is named. */
function changesOf(
  zone: StoredZone,
  differences: readonly PlannedDifference[],
  { toSerial: serial }: PublishedStep,
  services: ReadonlyMap<string, FollowedService>,
  atMs: number,
): HealthChange[] {
  return differences.flatMap(({ place, before, published }) => {
    if (before === null) return [];
    const fallback = servicesOf(before)[0];
    return before.records.flatMap(({ data, service = fallback }): HealthChange[] => {
      const isPublished = published?.includes(data) ?? true;
      if (isPublished === (before.published?.includes(data) ?? true)) return [];
      const found = service === undefined ? undefined : services.get(serviceKey(service));
      if (found === undefined) return [];
      const owner = absoluteTextOf(place.name, zone.name);
      const of = { hostId: found.hostId, serviceId: found.id };
      return [{ zoneId: zone.id, owner, type: place.type, data, ...of, isPublished, serial, atMs }];
    });
  });
}
