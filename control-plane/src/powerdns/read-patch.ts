import { formatName, NameError } from "@mycloud/dns/name";
import { parseRecordText, RecordDataError, recordTypes } from "@mycloud/dns/record";
import { readSoa, type StartOfAuthority } from "@mycloud/dns/zone";
import { RrsetInput, type ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import { normalisePlace, normaliseRrset } from "../dns-zone/normalise-rrset.ts";
import type { WantedRrset } from "../dns-zone/plan-change.ts";
import { findRrset } from "../dns-zone/rrset-store.ts";
import { placeKey, type StoredRrset } from "../dns-zone/rrset-values.ts";
import { type ZoneName, zoneNameOf } from "../dns-zone/zone-name.ts";
import type { StoredZone } from "../dns-zone/zone-store.ts";
import { InputError } from "../error/index.ts";
import type { PatchedRrset } from "./schema.ts";

/** What RRsets of PowerDNS's API ask for. */
export interface ReadPatch {
  readonly wanted: readonly WantedRrset[];
  readonly settings: ZoneSettings;
  /** Of a SOA record that is set. */
  readonly serialThere: number | undefined;
}

/** Understands the `rrsets` of a request: REPLACE, DELETE, EXTEND and PRUNE. Throws InputError, in PowerDNS's words where clients know them. */
export async function readPatch(
  executor: Executor,
  zone: StoredZone,
  rrsets: readonly PatchedRrset[],
): Promise<ReadPatch> {
  const name = zoneNameOf(zone.name);
  const wanted = new Map<string, WantedRrset>();
  let settings = zone.settings;
  let serialThere: number | undefined;
  for (const rrset of rrsets) {
    requireCanonical(rrset.name);
    if (rrset.type === "SOA") {
      const soa = readAuthority(rrset, name);
      settings = settingsWith(settings, soa, rrset.ttl);
      serialThere = soa.serial;
      continue;
    }
    const { place } = normalisePlace(rrset, name);
    const key = placeKey(place);
    if (wanted.has(key) && !isPartial(rrset)) {
      throw new InputError(`Duplicate RRset ${rrset.name} IN ${rrset.type} with changetype: ${rrset.changetype}`);
    }
    const before = wanted.get(key)?.values ?? (await findRrset(executor, zone.id, place));
    wanted.set(key, readOne(rrset, name, before, settings));
  }
  return { wanted: [...wanted.values()], settings, serialThere };
}

function isPartial({ changetype }: PatchedRrset): boolean {
  return changetype === "EXTEND" || changetype === "PRUNE";
}

function readOne(
  rrset: PatchedRrset,
  zone: ZoneName,
  before: Pick<StoredRrset, "records" | "ttlSeconds" | "minimumAnswers" | "answers" | "comment" | "owner"> | null,
  settings: ZoneSettings,
): WantedRrset {
  const { name, type, changetype, comments } = rrset;
  if (changetype === "DELETE") return { ...normalisePlace(rrset, zone), values: null };
  if (rrset.records.some(({ disabled }) => disabled)) {
    throw new InputError(`RRset ${name} IN ${type}: disabled records are not kept here; leave them out`);
  }
  const kept = before?.records ?? [];
  const given = rrset.records.map(({ content }) => ({ data: content }));
  const data = given.length === 0 ? [] : normaliseRrset(inputOf(rrset, given), zone).values.records;
  const isGiven = new Set(data.map((record) => record.data));
  // What follows a service goes on to do so.
  const known = new Map(kept.map((record) => [record.data, record]));
  const replaced = data.map((record) => known.get(record.data) ?? record);
  const others = kept.filter((record) => !isGiven.has(record.data));
  const records = changetype === "PRUNE" ? others : changetype === "EXTEND" ? [...others, ...replaced] : replaced;
  const isWeighted = records.some(({ weight }) => weight !== undefined);
  const placed = normalisePlace(rrset, zone);
  if (records.length === 0) return { ...placed, values: null };
  const [comment] = comments ?? [];
  const ttl = rrset.ttl ?? (isPartial(rrset) ? (before?.ttlSeconds ?? null) : null);
  return {
    ...placed,
    values: {
      ttlSeconds: ttl === settings.defaultTtlSeconds ? null : ttl,
      records: isWeighted ? records.map((record) => ({ weight: 0, ...record })) : records,
      minimumAnswers: before?.minimumAnswers ?? 1,
      answers: before?.answers ?? null,
      comment: comments === undefined ? (before?.comment ?? "") : (comment?.content ?? "").slice(0, 1000),
      owner: comments === undefined ? (before?.owner ?? "") : (comment?.account ?? "").slice(0, 128),
    },
  };
}

function inputOf({ name, type }: PatchedRrset, records: { data: string }[]): RrsetInput {
  const parsed = RrsetInput.safeParse({ name, type, records });
  if (parsed.success) return parsed.data;
  throw new InputError(`RRset ${name} IN ${type}: ${parsed.error.issues[0]?.message ?? "is not understood"}`);
}

/** A name without the dot at its end would be taken for one below the zone. */
export function requireCanonical(name: string): void {
  if (!name.endsWith(".") || name.endsWith("\\.")) throw new InputError(`DNS Name '${name}' is not canonical`);
}

function readAuthority({ name, type, records, changetype }: PatchedRrset, zone: ZoneName): StartOfAuthority {
  const [record] = records;
  if (changetype !== "REPLACE" || records.length !== 1 || record === undefined || name.toLowerCase() !== zone.text) {
    throw new InputError(`RRset ${name} IN ${type}: a zone has one SOA record, at its own name; it can be replaced`);
  }
  try {
    return readSoa(parseRecordText(recordTypes.SOA, record.content, zone.apex));
  } catch (error) {
    if (!(error instanceof RecordDataError || error instanceof NameError)) throw error;
    throw new InputError(`Record ${name}/${type} '${record.content}': ${error.message}`);
  }
}

function settingsWith(settings: ZoneSettings, soa: StartOfAuthority, ttl: number | undefined): ZoneSettings {
  return {
    ...settings,
    authority: {
      ...{ primaryNameServer: formatName(soa.mname), hostmaster: formatName(soa.rname) },
      ...{ refreshSeconds: soa.refresh, retrySeconds: soa.retry, expireSeconds: soa.expire },
      ...{
        minimumSeconds: soa.minimum,
        ttlSeconds: ttl === undefined || ttl === settings.defaultTtlSeconds ? null : ttl,
      },
    },
  };
}
