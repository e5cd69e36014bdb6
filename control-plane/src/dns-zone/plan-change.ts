import type { DomainName } from "@mycloud/dns/name";
import type { RrsetSource, ZoneFinding, ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import {
  type IsIn,
  maximumStepRecords,
  type PublishedStep,
  publishedOf,
  publishedTtl,
  recordLines,
  serialAfter,
  soaLine,
} from "../dns-publish/index.ts";
import { PreconditionError } from "../error/index.ts";
import { findFindings } from "./find-findings.ts";
import { byPlace, findRrsetsAt } from "./rrset-store.ts";
import {
  isSameRrset,
  placeKey,
  type RrsetPlace,
  type RrsetValues,
  type StoredRrset,
  valuesOf,
} from "./rrset-values.ts";
import { absoluteTextOf, zoneNameOf } from "./zone-name.ts";
import type { StoredZone } from "./zone-store.ts";

/** An RRset as somebody wants it; null: gone. */
export interface WantedRrset {
  readonly place: RrsetPlace;
  readonly owner: DomainName;
  readonly values: RrsetValues | null;
  /** Of the RRset that it was made of; null: none. Undefined: whatever is there. */
  readonly expectedRevision?: number | null | undefined;
}

/** An RRset that becomes another. */
export interface PlannedDifference {
  readonly place: RrsetPlace;
  readonly owner: DomainName;
  readonly before: StoredRrset | null;
  readonly after: RrsetValues | null;
  /** Of what it becomes: the data that is published; null: all. */
  readonly published: readonly string[] | null;
}

/** What a change of a zone comes to, before anything of it is done. */
export interface ZonePlan {
  readonly zone: StoredZone;
  readonly settings: ZoneSettings;
  readonly differences: readonly PlannedDifference[];
  readonly findings: readonly ZoneFinding[];
  /** Errors among them that the zone had not before: why it is refused. */
  readonly faults: readonly ZoneFinding[];
  /** Null where what is published stays as it is. */
  readonly step: PublishedStep | null;
  readonly source: RrsetSource;
}

export interface ChangeWish {
  readonly zone: StoredZone;
  /** Default: as they are. */
  readonly settings?: ZoneSettings;
  readonly wanted: readonly WantedRrset[];
  readonly source: RrsetSource;
  readonly isIn: IsIn;
  readonly nowMs: number;
  /** The new serial is newer than this one, too: a zone that comes from elsewhere had it there. */
  readonly serialThere?: number;
}

/** Works out what a change comes to: what differs, what is wrong with it, what is published then. Throws PreconditionError where something changed since. */
export async function planChange(executor: Executor, wish: ChangeWish): Promise<ZonePlan> {
  const { zone, wanted } = wish;
  const stored = byPlace(await findRrsetsAt(executor, zone.id, [...new Set(wanted.map(({ place }) => place.nameKey))]));
  const differences: PlannedDifference[] = [];
  for (const wantedRrset of wanted) {
    const before = stored.get(placeKey(wantedRrset.place)) ?? null;
    refuseStale(wantedRrset, before, zone);
    const difference = differenceOf(wantedRrset, before, wish.isIn);
    if (difference !== null) differences.push(difference);
  }
  return await planDifferences(executor, wish, differences);
}

/** As planChange, of differences that are known already. */
export async function planDifferences(
  executor: Executor,
  { zone, settings = zone.settings, source, nowMs, serialThere }: Omit<ChangeWish, "wanted">,
  differences: readonly PlannedDifference[],
): Promise<ZonePlan> {
  const areSettingsSame = JSON.stringify(settings) === JSON.stringify(zone.settings);
  if (differences.length === 0 && areSettingsSame) {
    return { zone, settings, differences, findings: [], faults: [], step: null, source };
  }
  const { findings, faults } = await findFindings(
    executor,
    { ...zoneNameOf(zone.name), ...zone, settings },
    zone,
    differences,
  );
  const step = planStep(zone, settings, differences, nowMs, serialThere);
  return { zone, settings, differences, findings, faults, step, source };
}

/** Null where it is so already. */
export function differenceOf(
  { place, owner, values }: WantedRrset,
  before: StoredRrset | null,
  isIn: IsIn,
): PlannedDifference | null {
  if (values === null) return before === null ? null : { place: before, owner, before, after: null, published: null };
  if (before !== null && isSameRrset(before, values)) return null;
  // The name stays as it was first written: names are equal in any case of letters.
  const name = before?.name ?? place.name;
  return { place: { ...place, name }, owner, before, after: valuesOf(values), published: publishedOf(values, isIn) };
}

function refuseStale({ place, expectedRevision }: WantedRrset, before: StoredRrset | null, zone: StoredZone): void {
  if (expectedRevision === undefined || expectedRevision === (before?.revision ?? null)) return;
  const what = `${absoluteTextOf(place.name, zone.name)} ${place.type}`;
  throw new PreconditionError(
    before === null
      ? `${what} was deleted meanwhile: look at the zone again`
      : expectedRevision === null
        ? `${what} is there meanwhile: look at the zone again`
        : `${what} was changed meanwhile (revision ${before.revision}): look at it again`,
  );
}

/** Which records leave and which come; null where that is nothing. One that is too large to be kept (saveStep) has no more than shows that. */
export function planStep(
  zone: StoredZone,
  settings: ZoneSettings,
  differences: readonly PlannedDifference[],
  nowMs: number,
  serialThere: number | undefined,
): PublishedStep | null {
  const removed: string[] = [];
  const added: string[] = [];
  for (const { place, before, after, published } of differences) {
    const was = before === null ? [] : linesOf(zone, zone.settings, place, before, before.published);
    const is = after === null ? [] : linesOf(zone, settings, place, after, published);
    const [isSet, wasSet] = [new Set(is), new Set(was)];
    for (const line of was) if (!isSet.has(line)) removed.push(line);
    for (const line of is) if (!wasSet.has(line)) added.push(line);
    if (removed.length + added.length > maximumStepRecords) break;
  }
  const isAuthoritySame = soaLine(zone.name, settings, 0) === soaLine(zone.name, zone.settings, 0);
  const isTtlSame = settings.defaultTtlSeconds === zone.settings.defaultTtlSeconds;
  if (removed.length + added.length === 0 && isAuthoritySame && isTtlSame) return null;
  const after = serialAfter(settings.serialForm, zone.serial, nowMs);
  const toSerial =
    serialThere === undefined ? after : newerOf(after, serialAfter(settings.serialForm, serialThere, nowMs));
  return {
    fromSerial: zone.serial,
    toSerial,
    removed: [soaLine(zone.name, zone.settings, zone.serial), ...removed],
    added: [soaLine(zone.name, settings, toSerial), ...added],
  };
}

/** RFC 1982 §3.2. */
function newerOf(a: number, b: number): number {
  return (b - a) >>> 0 < 2 ** 31 ? b : a;
}

/** An RRset's lines in what is published. */
export function linesOf(
  { name: zone }: Pick<StoredZone, "name">,
  { defaultTtlSeconds }: Pick<ZoneSettings, "defaultTtlSeconds">,
  { name, type }: RrsetPlace,
  { ttlSeconds, records }: Pick<RrsetValues, "ttlSeconds" | "records">,
  published: readonly string[] | null,
): string[] {
  const data = published ?? records.map((record) => record.data);
  const ttl = publishedTtl(ttlSeconds ?? defaultTtlSeconds, records);
  return recordLines({ owner: absoluteTextOf(name, zone), type, ttlSeconds: ttl, data });
}
