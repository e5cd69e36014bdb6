import { type DomainName, isAtOrBelow, lowerName, parentOf, wildcardBelow } from "@mycloud/dns/name";
import { namesInRecordData, type ResourceRecord, recordTypes } from "@mycloud/dns/record";
import { Zone } from "@mycloud/dns/zone";
import { Turns } from "@mycloud/dns/zone-store";
import type { ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import { recordsOfRrset, soaRecordOf } from "./records-of-rrset.ts";
import { findRrsetBelow, findRrsetsAt, readRrsets } from "./rrset-store.ts";
import { placeKey, type RrsetPlace, type RrsetValues, type StoredRrset } from "./rrset-values.ts";
import { nameKeyOf, type ZoneName } from "./zone-name.ts";

/** What a zone is read with. */
export interface ZoneFrame extends ZoneName {
  readonly id: number;
  readonly serial: number;
  readonly settings: ZoneSettings;
}

/** An RRset that is not stored (yet); null: none is there any more. */
export interface Replacement extends RrsetPlace {
  readonly values: RrsetValues | null;
}

/** Aliases are followed so far. */
const maximumRounds = 16;
/** How many names have their surroundings read one by one; beyond, the whole zone is read. */
export const maximumNames = 300;

/**
 * As much of a zone as decides what is right or wrong about some names: they, what is above them, what their records lead to; so that one record of a large
 * zone is changed without reading all of it. `replacements` stand in for what is stored.
 */
export async function loadNeighbourhood(
  executor: Executor,
  frame: ZoneFrame,
  names: readonly DomainName[],
  replacements: readonly Replacement[],
): Promise<Zone> {
  const stored = new Map<string, StoredRrset>();
  const replaced = new Map(replacements.map((replacement) => [placeKey(replacement), replacement]));
  const read = new Set<DomainName>();
  let wanted: Iterable<DomainName> = [frame.apex, ...names];
  for (let round = 0; round < maximumRounds; round += 1) {
    const fresh = [...withSurroundings(wanted, frame.apex)].filter((name) => !read.has(name));
    if (fresh.length === 0) break;
    for (const name of fresh) read.add(name);
    const rrsets = await findRrsetsAt(executor, frame.id, [...new Set(fresh.map((name) => nameKeyOf(name, frame)))]);
    for (const rrset of rrsets) stored.set(placeKey(rrset), rrset);
    const zone = assemble(frame, stored.values(), replaced);
    // What is new may lead further: names that records of the names looked at point to, and aliases of these.
    const sources = round === 0 ? [...names] : fresh;
    const targets = sources.flatMap((name) => targetsAt(zone, lowerName(name), round > 0));
    await findEmptyNonTerminals(executor, frame, zone, targets, stored);
    wanted = targets;
  }
  return assemble(frame, stored.values(), replaced);
}

const recordsAtOnce = 200;

/** The whole zone in memory; others have their turns meanwhile. */
export async function loadZone(
  executor: Executor,
  frame: ZoneFrame,
  replacements: readonly Replacement[],
): Promise<Zone> {
  const turns = new Turns();
  const replaced = new Map<string, Replacement>();
  for (const replacement of replacements) {
    replaced.set(placeKey(replacement), replacement);
    if (turns.areOver) await turns.next();
  }
  const zone = new Zone(frame.apex, [soaRecordOf(frame, frame.settings, frame.serial)]);
  let records: ResourceRecord[] = [];
  const add = async (rrset: RrsetPlace & RrsetValues) => {
    records.push(...recordsOfRrset(rrset, frame, frame.settings.defaultTtlSeconds));
    if (records.length >= recordsAtOnce) put();
    if (turns.areOver) await turns.next();
  };
  const put = () => {
    zone.change({ removed: [], added: records });
    records = [];
  };
  for await (const page of readRrsets(executor, frame.id)) {
    for (const rrset of page) if (!replaced.has(placeKey(rrset))) await add(rrset);
  }
  for (const { values, ...place } of replaced.values()) if (values !== null) await add({ ...place, ...values });
  put();
  return zone;
}

function assemble(frame: ZoneFrame, stored: Iterable<StoredRrset>, replaced: ReadonlyMap<string, Replacement>): Zone {
  const ttl = frame.settings.defaultTtlSeconds;
  const records: ResourceRecord[] = [soaRecordOf(frame, frame.settings, frame.serial)];
  for (const rrset of stored) if (!replaced.has(placeKey(rrset))) records.push(...recordsOfRrset(rrset, frame, ttl));
  for (const { values, ...place } of replaced.values()) {
    if (values !== null) records.push(...recordsOfRrset({ ...place, ...values }, frame, ttl));
  }
  return new Zone(frame.apex, records);
}

/** Names, those above them, and the wildcards that might stand for them. */
function* withSurroundings(names: Iterable<DomainName>, apex: DomainName): Generator<DomainName> {
  for (const name of names) {
    for (let at = lowerName(name); ; at = parentOf(at)) {
      yield at;
      if (at.length <= apex.length) break;
      const wildcard = wildcardBelow(parentOf(at));
      if (wildcard !== undefined) yield wildcard;
    }
  }
}

/** Names of the zone that the records at a name lead to. */
function targetsAt(zone: Zone, name: DomainName, areAliasesAlone: boolean): DomainName[] {
  const targets: DomainName[] = [];
  for (const { type, rdatas } of zone.find(name)?.rrsets ?? []) {
    if (areAliasesAlone && type !== recordTypes.CNAME) continue;
    for (const rdata of rdatas) {
      const target = namesInRecordData(type, rdata).at(-1)?.name;
      if (target !== undefined && isAtOrBelow(target, zone.apex)) targets.push(lowerName(target));
    }
  }
  return targets.slice(0, 1_000);
}

/** A name without records exists when something is below it (RFC 4592 §2.2.2): reads one RRset from there. */
async function findEmptyNonTerminals(
  executor: Executor,
  frame: ZoneFrame,
  zone: Zone,
  names: readonly DomainName[],
  stored: Map<string, StoredRrset>,
): Promise<void> {
  for (const name of names) {
    if (zone.find(name) !== undefined) continue;
    const below = await findRrsetBelow(executor, frame.id, nameKeyOf(name, frame));
    if (below !== null) stored.set(placeKey(below), below);
  }
}
