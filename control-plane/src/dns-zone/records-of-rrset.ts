import { parseName } from "@mycloud/dns/name";
import { parseRecordText, parseRecordType, type ResourceRecord, recordTypes } from "@mycloud/dns/record";
import { writeSoa } from "@mycloud/dns/zone";
import type { ZoneSettings } from "@mycloud/protocol/dns-zone";
import type { RrsetPlace, RrsetValues } from "./rrset-values.ts";
import { absoluteTextOf, type ZoneName } from "./zone-name.ts";

/** A stored RRset as records in wire form. What is stored was understood before. */
export function recordsOfRrset(
  { name, type, records, ttlSeconds }: RrsetPlace & Pick<RrsetValues, "records" | "ttlSeconds">,
  zone: ZoneName,
  defaultTtlSeconds: number,
): ResourceRecord[] {
  const owner = parseName(absoluteTextOf(name, zone.text));
  const code = parseRecordType(type) ?? 0;
  const ttl = ttlSeconds ?? defaultTtlSeconds;
  return records.map(({ data }) => ({ name: owner, type: code, ttl, rdata: parseRecordText(code, data) }));
}

/** A zone's SOA record in wire form. */
export function soaRecordOf(
  { apex, text }: ZoneName,
  { authority, defaultTtlSeconds }: Pick<ZoneSettings, "authority" | "defaultTtlSeconds">,
  serial: number,
): ResourceRecord {
  const rdata = writeSoa({
    mname: parseName(authority.primaryNameServer ?? text),
    rname: parseName(authority.hostmaster ?? text),
    serial,
    refresh: authority.refreshSeconds,
    retry: authority.retrySeconds,
    expire: authority.expireSeconds,
    minimum: authority.minimumSeconds,
  });
  return { name: apex, type: recordTypes.SOA, ttl: authority.ttlSeconds ?? defaultTtlSeconds, rdata };
}
