import { setImmediate } from "node:timers/promises";
import { formatName, parseName } from "@mycloud/dns/name";
import { Turns } from "@mycloud/dns/zone-store";
import type { ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import type { IsIn } from "../dns-publish/index.ts";
import { differenceOf, type PlannedDifference, planDifferences, type ZonePlan } from "./plan-change.ts";
import type { FileRecords, FileRrset } from "./read-records.ts";
import { readRrsets } from "./rrset-store.ts";
import { placeKey, type RrsetValues, type StoredRrset } from "./rrset-values.ts";
import { absoluteTextOf } from "./zone-name.ts";
import type { StoredZone } from "./zone-store.ts";

/**
 * What taking a zone file over comes to. Comments, owners and bindings of records that stay are kept. With `replace` the file's SOA record counts, and what
 * it does not have goes; the serial goes on from whichever is newer.
 */
export async function planImport(
  executor: Executor,
  zone: StoredZone,
  file: FileRecords,
  mode: "merge" | "replace",
  { isIn, nowMs }: { readonly isIn: IsIn; readonly nowMs: number },
): Promise<ZonePlan> {
  const settings = mode === "replace" ? settingsOf(zone.settings, file) : zone.settings;
  const differences: PlannedDifference[] = [];
  const note = (difference: PlannedDifference | null) => {
    if (difference !== null) differences.push(difference);
  };
  const met = new Set<string>();
  for await (const page of readRrsets(executor, zone.id)) {
    for (const stored of page) {
      const key = placeKey(stored);
      const rrset = file.rrsets.get(key);
      const owner = parseName(absoluteTextOf(stored.name, zone.name));
      if (rrset !== undefined) {
        met.add(key);
        note(differenceOf({ place: rrset.place, owner, values: valuesOfFile(rrset, stored, settings) }, stored, isIn));
      } else if (mode === "replace") note(differenceOf({ place: stored, owner, values: null }, stored, isIn));
    }
    await setImmediate();
  }
  const turns = new Turns();
  for (const [key, rrset] of file.rrsets) {
    if (turns.areOver) await turns.next();
    if (!met.has(key)) note(differenceOf({ ...rrset, values: valuesOfFile(rrset, null, settings) }, null, isIn));
  }
  const serialThere = mode === "replace" && file.soa !== null ? { serialThere: file.soa.data.serial } : {};
  return await planDifferences(
    executor,
    { zone, settings, source: "import", isIn, nowMs, ...serialThere },
    differences,
  );
}

function valuesOfFile({ ttl, data }: FileRrset, before: StoredRrset | null, settings: ZoneSettings): RrsetValues {
  const known = new Map((before?.records ?? []).map((record) => [record.data, record]));
  const { minimumAnswers = 1, answers = null, comment = "", owner = "" } = before ?? {};
  const isWeighted = [...known.values()].some(({ weight }) => weight !== undefined);
  return {
    ttlSeconds: ttl === settings.defaultTtlSeconds ? null : ttl,
    records: data.map((each) => known.get(each) ?? { data: each, ...(isWeighted ? { weight: 0 } : {}) }),
    ...{ minimumAnswers, answers, comment, owner },
  };
}

/** The SOA record of the file as settings; the TTL that most records have is the zone's default. */
function settingsOf(settings: ZoneSettings, { soa, commonTtl }: FileRecords): ZoneSettings {
  const defaultTtlSeconds = commonTtl ?? settings.defaultTtlSeconds;
  if (soa === null) return { ...settings, defaultTtlSeconds };
  const { data, ttl } = soa;
  return {
    ...settings,
    defaultTtlSeconds,
    authority: {
      ...{ primaryNameServer: formatName(data.mname), hostmaster: formatName(data.rname) },
      ...{ refreshSeconds: data.refresh, retrySeconds: data.retry, expireSeconds: data.expire },
      ...{ minimumSeconds: data.minimum, ttlSeconds: ttl === defaultTtlSeconds ? null : ttl },
    },
  };
}
