import type { DomainName } from "@mycloud/dns/name";
import {
  formatRecordData,
  formatRecordType,
  parseRecordText,
  type ResourceRecord,
  recordDataKey,
  recordTypes,
} from "@mycloud/dns/record";
import { readSoa, type StartOfAuthority } from "@mycloud/dns/zone";
import { octetsOfFile, parseZoneFile, type ZoneFileFault } from "@mycloud/dns/zone-file";
import { Turns } from "@mycloud/dns/zone-store";
import { placeKey, type RrsetPlace } from "./rrset-values.ts";
import { nameKeyOf, relativeTextOf, type ZoneName } from "./zone-name.ts";

/** An RRset of a zone file. */
export interface FileRrset {
  readonly place: RrsetPlace;
  readonly owner: DomainName;
  readonly ttl: number;
  readonly data: string[];
}

/** What a zone file says. */
export interface FileRecords {
  /** By their places. */
  readonly rrsets: ReadonlyMap<string, FileRrset>;
  readonly soa: { readonly data: StartOfAuthority; readonly ttl: number } | null;
  /** The TTL that most RRsets have. */
  readonly commonTtl: number | null;
  readonly faults: ZoneFileFault[];
  readonly recordCount: number;
}

const mostFaults = 1_000;

/** Reads a zone file, giving way to other work now and then. RRsets are put together from wherever their records are; the first record's TTL counts. */
export async function readRecords(file: Uint8Array, zone: ZoneName): Promise<FileRecords> {
  const faults: ZoneFileFault[] = [];
  const rrsets = new Map<string, FileRrset>();
  const keys = new Map<FileRrset, Set<string>>();
  const ttls = new Map<number, number>();
  let soa: FileRecords["soa"] = null;
  let recordCount = 0;
  const turns = new Turns();
  const onFault = (fault: ZoneFileFault) => {
    if (faults.length < mostFaults) faults.push(fault);
  };
  for (const record of parseZoneFile(octetsOfFile(file), { origin: zone.apex, onFault })) {
    recordCount += 1;
    if (turns.areOver) await turns.next();
    if (record.type === recordTypes.SOA) {
      if (soa === null) soa = { data: readSoa(record.rdata), ttl: record.ttl };
      else onFault({ line: 0, message: "there are two SOA records; a zone has one" });
      continue;
    }
    add(rrsets, keys, ttls, record, zone);
  }
  const [common] = [...ttls].toSorted(([, a], [, b]) => b - a);
  return { rrsets, soa, commonTtl: common?.[0] ?? null, faults, recordCount };
}

/** `keys`: of the records of RRsets that have several. */
function add(
  rrsets: Map<string, FileRrset>,
  keys: Map<FileRrset, Set<string>>,
  ttls: Map<number, number>,
  record: ResourceRecord,
  zone: ZoneName,
): void {
  const { name, type, ttl, rdata } = record;
  const typeText = formatRecordType(type);
  const nameKey = nameKeyOf(name, zone);
  const at = placeKey({ nameKey, type: typeText });
  const data = formatRecordData(type, rdata);
  const present = rrsets.get(at);
  if (present === undefined) {
    const place = { nameKey, name: relativeTextOf(name, zone), type: typeText };
    rrsets.set(at, { place, owner: name, ttl, data: [data] });
    ttls.set(ttl, (ttls.get(ttl) ?? 0) + 1);
    return;
  }
  // A record that is there twice is there once, whatever the case of names in it (RFC 2181 §5).
  const known = keys.get(present) ?? new Set(present.data.map((each) => keyOf(type, each)));
  keys.set(present, known);
  const key = recordDataKey(type, rdata);
  if (known.has(key)) return;
  known.add(key);
  present.data.push(data);
}

function keyOf(type: number, data: string): string {
  return recordDataKey(type, parseRecordText(type, data));
}
