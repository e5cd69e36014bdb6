import { classes, type Message, resultCodes } from "@mycloud/dns/message";
import { type DomainName, formatName, isAtOrBelow, lowerName } from "@mycloud/dns/name";
import {
  formatRecordData,
  formatRecordType,
  parseRecordText,
  type ResourceRecord,
  recordDataKey,
  recordTypes,
} from "@mycloud/dns/record";
import { updateZone } from "@mycloud/dns/update";
import { readSoa, type Zone } from "@mycloud/dns/zone";
import type { RrsetRecord, ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import type { IsIn } from "../dns-publish/index.ts";
import { loadNeighbourhood, loadZone, maximumNames } from "../dns-zone/neighbourhood.ts";
import { planChange, type WantedRrset, type ZonePlan } from "../dns-zone/plan-change.ts";
import { findRrset } from "../dns-zone/rrset-store.ts";
import type { StoredRrset } from "../dns-zone/rrset-values.ts";
import { nameKeyOf, relativeTextOf, type ZoneName, zoneNameOf } from "../dns-zone/zone-name.ts";
import type { StoredZone } from "../dns-zone/zone-store.ts";
import { allowsUpdate } from "./update-policy.ts";

/** What an UPDATE comes to: a plan, or a result code (RFC 2136 §2.2) with the reason. */
export type UpdatePlan =
  | { readonly kind: "plan"; readonly plan: ZonePlan }
  | { readonly kind: "answer"; readonly resultCode: number; readonly reason: string };

/** Works an UPDATE out against a zone: prerequisites, policy, what changes. */
export async function planUpdate(
  executor: Executor,
  stored: StoredZone,
  message: Message,
  key: string | null,
  { isIn, nowMs }: { readonly isIn: IsIn; readonly nowMs: number },
): Promise<UpdatePlan> {
  const frame = { ...zoneNameOf(stored.name), ...stored };
  const named = [...message.answer, ...message.authority].map(({ name }) => lowerName(name));
  const names = [...new Set(named)].filter((name) => isAtOrBelow(name, frame.apex));
  const zone =
    names.length > maximumNames
      ? await loadZone(executor, frame, [])
      : await loadNeighbourhood(executor, frame, names, []);
  const { updatePolicy } = stored.settings;
  const mayChange = (name: DomainName, type: number) => allowsUpdate(updatePolicy, key, frame.apex, name, type);
  const outcome = updateZone(zone, message, {
    // Who deletes all that a name has has to be allowed to delete each of it.
    allows: (name, type) =>
      type === recordTypes.ANY ? typesAt(zone, name).every((each) => mayChange(name, each)) : mayChange(name, type),
    nowMs,
  });
  if (outcome.kind === "refused") return { kind: "answer", resultCode: outcome.rcode, reason: outcome.reason };
  if (outcome.change === undefined)
    return { kind: "answer", resultCode: resultCodes.NOERROR, reason: "it is so already" };
  const { removed, added } = outcome.change;
  const wanted = await readChange(executor, stored, frame, removed, added);
  const given = message.authority.find((record) => record.type === recordTypes.SOA && record.class === classes.IN);
  const soa = given === undefined ? undefined : added.find(({ type }) => type === recordTypes.SOA);
  const plan = await planChange(executor, {
    ...{ zone: stored, wanted, source: "update", isIn, nowMs },
    ...(soa === undefined
      ? {}
      : { settings: settingsWith(stored.settings, soa), serialThere: readSoa(soa.rdata).serial }),
  });
  return { kind: "plan", plan };
}

/** What may be deleted of a name: the apex keeps its SOA and NS records. */
function typesAt(zone: Zone, name: DomainName): number[] {
  const types = (zone.find(lowerName(name))?.rrsets ?? []).map(({ type }) => type);
  const isApex = lowerName(name) === zone.apex;
  return isApex ? types.filter((type) => type !== recordTypes.SOA && type !== recordTypes.NS) : types;
}

/** Records that go and come as RRsets that are wanted: what people wrote about those that stay is kept. */
async function readChange(
  executor: Executor,
  { id, settings }: StoredZone,
  zone: ZoneName,
  removed: readonly ResourceRecord[],
  added: readonly ResourceRecord[],
): Promise<WantedRrset[]> {
  const touched = new Map<
    string,
    { readonly name: DomainName; readonly type: number; gone: Octets[]; come: ResourceRecord[] }
  >();
  const entry = ({ name, type }: ResourceRecord) => {
    const at = `${type} ${lowerName(name)}`;
    const known = touched.get(at) ?? { name, type, gone: [], come: [] };
    touched.set(at, known);
    return known;
  };
  for (const record of removed) if (record.type !== recordTypes.SOA) entry(record).gone.push(record.rdata);
  for (const record of added) if (record.type !== recordTypes.SOA) entry(record).come.push(record);
  const wanted: WantedRrset[] = [];
  for (const { name, type, gone, come } of touched.values()) {
    const place = { nameKey: nameKeyOf(name, zone), name: relativeTextOf(name, zone), type: formatRecordType(type) };
    const before = await findRrset(executor, id, place);
    const records = recordsAfter(before, type, gone, come);
    const ttl = come[0]?.ttl;
    wanted.push({
      place,
      owner: name,
      values:
        records.length === 0
          ? null
          : {
              ...valuesBefore(before),
              records,
              ttlSeconds:
                ttl === undefined || ttl === ttlBefore(before, settings) ? (before?.ttlSeconds ?? ttl ?? null) : ttl,
            },
    });
  }
  return wanted;
}

type Octets = string;

function valuesBefore(before: StoredRrset | null) {
  const { minimumAnswers = 1, answers = null, comment = "", owner = "" } = before ?? {};
  return { minimumAnswers, answers, comment, owner };
}

function ttlBefore(before: StoredRrset | null, { defaultTtlSeconds }: ZoneSettings): number | undefined {
  return before === null ? undefined : (before.ttlSeconds ?? defaultTtlSeconds);
}

function recordsAfter(
  before: StoredRrset | null,
  type: number,
  gone: readonly Octets[],
  come: readonly ResourceRecord[],
): RrsetRecord[] {
  const isGone = new Set(gone.map((rdata) => recordDataKey(type, rdata)));
  const coming = new Map(come.map(({ rdata }) => [recordDataKey(type, rdata), rdata]));
  const kept: RrsetRecord[] = [];
  for (const record of before?.records ?? []) {
    const at = recordDataKey(type, parseRecordText(type, record.data));
    // A record that goes and comes has another TTL, or other letters in a name.
    if (coming.delete(at) || !isGone.has(at)) kept.push(record);
  }
  // Weights are given to all records or to none.
  const weight = kept.some((record) => record.weight !== undefined) ? { weight: 0 } : {};
  return [...kept, ...[...coming.values()].map((rdata) => ({ data: formatRecordData(type, rdata), ...weight }))];
}

function settingsWith(settings: ZoneSettings, { rdata, ttl }: ResourceRecord): ZoneSettings {
  const soa = readSoa(rdata);
  return {
    ...settings,
    authority: {
      ...{ primaryNameServer: formatName(soa.mname), hostmaster: formatName(soa.rname) },
      ...{ refreshSeconds: soa.refresh, retrySeconds: soa.retry, expireSeconds: soa.expire },
      ...{ minimumSeconds: soa.minimum, ttlSeconds: ttl === settings.defaultTtlSeconds ? null : ttl },
    },
  };
}
