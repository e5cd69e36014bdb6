import { type DomainName, parentOf, wildcardBelow } from "../name/index.ts";
import { type Rrset, recordTypes } from "../record/index.ts";
import type { Zone, ZoneNode } from "../zone/index.ts";

/** Where a name leads to in a zone (RFC 1034 §4.3.2 step 3, RFC 4592 §3.3). */
export type Place =
  /** The name is there, perhaps as an empty non-terminal. */
  | { readonly kind: "node"; readonly node: ZoneNode }
  /** It is not, and a wildcard stands for it. */
  | { readonly kind: "wildcard"; readonly node: ZoneNode; readonly closestEncloser: DomainName }
  | { readonly kind: "delegation"; readonly node: ZoneNode; readonly nameServers: Rrset }
  | { readonly kind: "redirection"; readonly node: ZoneNode; readonly dname: Rrset }
  | { readonly kind: "nothing"; readonly closestEncloser: DomainName };

/** Finds a name of a zone, which is at or below its apex and in lower case. `type` matters at a delegation alone, which answers for DS itself. */
export function locate(zone: Zone, name: DomainName, type: number): Place {
  const cut = zone.cuts.size === 0 ? undefined : findCut(zone, name, type);
  if (cut !== undefined) return cut;
  const node = findName(zone, name);
  if (node !== undefined) return { kind: "node", node };
  const closestEncloser = findClosestEncloser(zone, name);
  const wildcard = wildcardBelow(closestEncloser);
  const wild = wildcard === undefined ? undefined : findName(zone, wildcard);
  return wild === undefined ? { kind: "nothing", closestEncloser } : { kind: "wildcard", node: wild, closestEncloser };
}

/** The delegation or DNAME nearest to the apex that a name is at or below. */
function findCut(zone: Zone, name: DomainName, type: number): Place | undefined {
  let highest: Place | undefined;
  for (let at = name; ; at = parentOf(at)) {
    if (zone.cuts.has(at)) highest = placeOfCut(zone, at, name, type) ?? highest;
    if (at === zone.apex) return highest;
  }
}

function placeOfCut(zone: Zone, at: DomainName, name: DomainName, type: number): Place | undefined {
  const node = zone.find(at);
  if (node === undefined) return undefined;
  const nameServers = at === zone.apex ? undefined : rrsetOf(node, recordTypes.NS);
  // The parent's side of a cut answers for DS; everything else is the child's.
  if (nameServers !== undefined && !(at === name && type === recordTypes.DS)) {
    return { kind: "delegation", node, nameServers };
  }
  const dname = at === name ? undefined : rrsetOf(node, recordTypes.DNAME);
  return dname === undefined ? undefined : { kind: "redirection", node, dname };
}

/** The nearest name above that exists (RFC 4592 §3.3.1). */
function findClosestEncloser(zone: Zone, name: DomainName): DomainName {
  let at = parentOf(name);
  while (at !== zone.apex && findName(zone, at) === undefined) at = parentOf(at);
  return at;
}

/** A name as questions see it: one that only says what hashes there are is none (RFC 5155 §7.2.8). */
function findName(zone: Zone, name: DomainName): ZoneNode | undefined {
  const node = zone.find(name);
  const isHash = node !== undefined && rrsetOf(node, recordTypes.NSEC3) !== undefined;
  return isHash && node.rrsets.every(({ type }) => type === recordTypes.NSEC3 || type === recordTypes.RRSIG)
    ? undefined
    : node;
}

export function rrsetOf(node: ZoneNode, type: number): Rrset | undefined {
  return node.rrsets.find((rrset) => rrset.type === type);
}
