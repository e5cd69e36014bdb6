import { compareNames, type DomainName, formatName, formatRelativeName, lowerName } from "../name/index.ts";
import { formatRecordData, formatRecordType, type Rrset, recordTypes } from "../record/index.ts";
import type { Zone, ZoneNode } from "../zone/index.ts";

/** A zone as a master file (RFC 1035 §5), in lines: names in canonical order, the SOA record first, a $TTL for what most records have. */
export function* formatZoneFile(zone: Zone): Generator<string> {
  const ttl = mostCommonTtl(zone);
  yield `$ORIGIN ${formatName(zone.apex)}\n`;
  yield `$TTL ${ttl}\n`;
  const nodes = [...zone.nodes()].filter(({ rrsets }) => rrsets.length > 0);
  for (const node of nodes.toSorted((a, b) => compareNames(a.name, b.name))) yield* formatNode(node, zone.apex, ttl);
}

function* formatNode({ name, rrsets }: ZoneNode, apex: DomainName, commonTtl: number): Generator<string> {
  let owner = formatRelativeName(name, apex);
  const sorted = rrsets.toSorted((a, b) => rank(a) - rank(b));
  for (const { type, ttl, rdatas } of sorted) {
    for (const rdata of rdatas) {
      yield `${owner}\t${ttl === commonTtl ? "" : ttl}\tIN\t${formatRecordType(type)}\t${formatRecordData(type, rdata)}\n`;
      owner = "";
    }
  }
}

function rank({ type }: Rrset): number {
  return type === recordTypes.SOA ? -2 : type === recordTypes.NS ? -1 : type;
}

function mostCommonTtl(zone: Zone): number {
  const counts = new Map<number, number>();
  for (const { rrsets } of zone.nodes()) for (const { ttl } of rrsets) counts.set(ttl, (counts.get(ttl) ?? 0) + 1);
  let best = { ttl: zone.soaRrset.ttl, count: 0 };
  for (const [ttl, count] of counts) if (count > best.count) best = { ttl, count };
  return best.ttl;
}

/** Whether two zones say the same: the same records with the same TTLs, in any order and case of names. */
export function areZonesEqual(a: Zone, b: Zone): boolean {
  if (a.apex !== b.apex || a.recordCount !== b.recordCount) return false;
  for (const { name, rrsets } of a.nodes()) {
    const other = b.find(lowerName(name));
    for (const { type, ttl, rdatas } of rrsets) {
      const match = other?.rrsets.find((rrset) => rrset.type === type);
      if (match === undefined || match.ttl !== ttl || rdatas.length !== match.rdatas.length) return false;
      if (!rdatas.every((rdata) => match.rdatas.includes(rdata))) return false;
    }
  }
  return true;
}
