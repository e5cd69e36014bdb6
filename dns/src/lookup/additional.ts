import { type DomainName, isAtOrBelow, lowerName, rootName } from "../name/index.ts";
import { namesInRecordData, type Rrset, recordTypes } from "../record/index.ts";
import type { Zone } from "../zone/index.ts";
import { locate, rrsetOf } from "./locate.ts";
import type { SectionRrset } from "./lookup.ts";
import { findZone, type ZoneSet } from "./zone-set.ts";

/** Types whose targets' addresses are asked for next, so that they go along. */
const leadsToAddresses = new Set<number>([
  ...[recordTypes.NS, recordTypes.MX, recordTypes.SRV, recordTypes.SVCB, recordTypes.HTTPS],
]);
/** Addresses for more targets than this make no answer better. */
const maximumTargets = 16;

/**
 * The addresses of what an answer's RRsets point at, as far as they are in these zones and whoever may ask `asked` may see them; those that are in the
 * answer already are left out.
 */
export function addressesOfTargets(zones: ZoneSet, asked: Zone, answer: readonly SectionRrset[]): SectionRrset[] {
  const seen = new Set<string>(answer.map(({ owner, rrset }) => `${rrset.type} ${lowerName(owner)}`));
  return targetsOf(answer.map(({ rrset }) => rrset)).flatMap((target) => {
    const key = lowerName(target);
    const zone = findVisible(zones, asked, key);
    const place = zone === undefined ? undefined : locate(zone, key, recordTypes.A);
    return place?.kind === "node" ? addressesAt(target, place.node.rrsets, seen) : [];
  });
}

/**
 * Glue: the addresses of a delegation's name servers, also of those that are themselves below it. Without the addresses of those that are, nobody gets
 * any further, so that they are needed (RFC 9471).
 */
export function glueOf(zones: ZoneSet, zone: Zone, cut: DomainName, nameServers: Rrset): SectionRrset[] {
  return targetsOf([nameServers]).flatMap((target) => {
    const key = lowerName(target);
    // Glue lies in the zone that delegates, below its own cut; addresses of other servers may be in any zone here.
    const holder = isAtOrBelow(key, zone.apex) ? zone : findVisible(zones, zone, key);
    const isNeeded = isAtOrBelow(key, cut);
    return addressesAt(target, holder?.find(key)?.rrsets ?? [], new Set()).map((each) => ({ ...each, isNeeded }));
  });
}

function findVisible(zones: ZoneSet, asked: Zone, name: DomainName): Zone | undefined {
  const zone = findZone(zones, name, recordTypes.A);
  if (zone === undefined || zone === asked || zones.sharesAudience === undefined) return zone;
  return zones.sharesAudience(asked, zone) ? zone : undefined;
}

function targetsOf(rrsets: readonly Rrset[]): DomainName[] {
  const targets = new Map<DomainName, DomainName>();
  for (const { type, rdatas } of rrsets) {
    if (!leadsToAddresses.has(type)) continue;
    for (const rdata of rdatas) {
      if (targets.size >= maximumTargets) return [...targets.values()];
      for (const { name } of namesInRecordData(type, rdata)) {
        if (name !== rootName) targets.set(lowerName(name), name);
      }
    }
  }
  return [...targets.values()];
}

function addressesAt(owner: DomainName, rrsets: readonly Rrset[], seen: Set<string>): SectionRrset[] {
  const addresses: SectionRrset[] = [];
  for (const type of [recordTypes.A, recordTypes.AAAA]) {
    const rrset = rrsetOf({ name: owner, rrsets }, type);
    if (rrset === undefined || seen.has(`${type} ${lowerName(owner)}`)) continue;
    seen.add(`${type} ${lowerName(owner)}`);
    addresses.push({ owner, rrset });
  }
  return addresses;
}
