import { type DomainName, lowerName, maximumNameOctets } from "../name/index.ts";
import { type Rrset, recordTypes } from "../record/index.ts";
import type { Zone, ZoneNode } from "../zone/index.ts";
import { addressesOfTargets, glueOf } from "./additional.ts";
import { locate, type Place, rrsetOf } from "./locate.ts";
import { type Lookup, type LookupKind, rcodes, type SectionRrset } from "./lookup.ts";
import { Proofs } from "./proofs.ts";
import { findZone, isInMissingZone, type ZoneSet } from "./zone-set.ts";

/** A chain of CNAMEs and DNAMEs is followed for so many steps, as BIND does; what is left of it is the resolver's work. */
const maximumSteps = 16;

export interface Question {
  /** In the letters it was asked with. */
  readonly name: DomainName;
  readonly type: number;
  /** The DO bit (RFC 4035 §3.1): signatures and proofs go along, where the zone has them. */
  readonly wantsDnssec: boolean;
}

/**
 * What zones say to a question of class IN (RFC 1034 §4.3.2 with RFC 2308, 4592, 6604, 6672, 8020, 8482 and 4035). Pure. CNAMEs and DNAMEs are
 * followed within their zone; the answer is about the last name of the chain (RFC 6604).
 */
export function lookUp(zones: ZoneSet, question: Question): Lookup {
  const zone = findZone(zones, lowerName(question.name), question.type);
  if (zone !== undefined) return new Walk(zones, question, zone).run();
  return isInMissingZone(zones, lowerName(question.name)) ? unavailable : refused;
}

const refused: Lookup = {
  kind: "refused",
  rcode: rcodes.REFUSED,
  isAuthoritative: false,
  answer: [],
  authority: [],
  additional: [],
  zone: undefined,
  wildcard: undefined,
};

const unavailable: Lookup = { ...refused, kind: "unavailable", rcode: rcodes.SERVFAIL };

class Walk {
  readonly #zones: ZoneSet;
  readonly #type: number;
  readonly #wantsDnssec: boolean;
  readonly #zone: Zone;
  #name: DomainName;
  readonly #seen = new Set<DomainName>();
  readonly #answer: SectionRrset[] = [];
  readonly #authority: SectionRrset[] = [];
  readonly #proofs: Proofs;
  #wildcard: DomainName | undefined;

  constructor(zones: ZoneSet, { name, type, wantsDnssec }: Question, zone: Zone) {
    this.#zones = zones;
    this.#type = type;
    this.#wantsDnssec = wantsDnssec;
    this.#zone = zone;
    this.#name = name;
    this.#proofs = new Proofs(this.#authority);
  }

  run(): Lookup {
    for (let step = 0; step < maximumSteps; step += 1) {
      const key = lowerName(this.#name);
      if (this.#seen.has(key)) break;
      this.#seen.add(key);
      const result = this.#step(key, locate(this.#zone, key, this.#type));
      if (result !== undefined) return result;
      // What other zones say is not believed when it comes along; the resolver asks again (BIND and Knot end here, too).
      if (findZone(this.#zones, lowerName(this.#name), this.#type) !== this.#zone) break;
    }
    return this.#end("success");
  }

  /** Undefined where the chain goes on at another name. */
  #step(key: DomainName, place: Place): Lookup | undefined {
    switch (place.kind) {
      case "delegation":
        return this.#delegate(place.node, place.nameServers);
      case "redirection":
        return this.#redirect(place.node, place.dname);
      case "nothing":
        this.#addSoa();
        if (this.#isProving) this.#proofs.nameDoesNotExist(this.#zone, key, place.closestEncloser);
        return this.#end("name error");
      case "wildcard":
        this.#wildcard ??= place.node.name;
        return this.#answerFrom(place.node, (hasData) => {
          if (!this.#isProving) return;
          if (hasData) this.#proofs.noCloserName(this.#zone, key, place.closestEncloser);
          else this.#proofs.noCloserNameNorData(this.#zone, key, place.closestEncloser);
        });
      case "node":
        return this.#answerFrom(place.node, () => {});
    }
  }

  #answerFrom(node: ZoneNode, prove: (hasData: boolean) => void): Lookup | undefined {
    const alias = rrsetOf(node, recordTypes.CNAME);
    if (alias !== undefined && !answersBesideAlias.has(this.#type)) {
      this.#push(node, alias);
      prove(true);
      this.#name = nameAt(alias.rdatas[0] ?? "");
      return undefined;
    }
    const found = this.#type === recordTypes.ANY ? oneOf(node) : rrsetOf(node, this.#type);
    if (found !== undefined) {
      this.#push(node, found);
      prove(true);
      return this.#end("success");
    }
    this.#addSoa();
    prove(false);
    if (this.#isProving) this.#proofs.noData(this.#zone, node);
    return this.#end("no data");
  }

  #delegate(node: ZoneNode, nameServers: Rrset): Lookup {
    this.#authority.push({ owner: node.name, rrset: nameServers });
    if (this.#isProving) this.#proofs.delegation(this.#zone, node);
    return this.#end("delegation", glueOf(this.#zones, this.#zone, node.name, nameServers));
  }

  #redirect(node: ZoneNode, dname: Rrset): Lookup | undefined {
    this.#answer.push({ owner: node.name, rrset: dname });
    if (this.#isProving) this.#addSignatures(node, node.name, recordTypes.DNAME);
    const target = nameAt(dname.rdatas[0] ?? "");
    const prefix = this.#name.slice(0, this.#name.length - node.name.length);
    if (prefix.length + target.length > maximumNameOctets) return this.#end("too long");
    const next = (prefix + target) as DomainName;
    // Resolvers that do not know DNAME follow this instead (RFC 6672 §3.1).
    this.#answer.push({ owner: this.#name, rrset: { type: recordTypes.CNAME, ttl: dname.ttl, rdatas: [next] } });
    // Whoever asks for an alias has one.
    if (this.#type === recordTypes.CNAME || this.#type === recordTypes.ANY) return this.#end("success");
    this.#name = next;
    return undefined;
  }

  #push(node: ZoneNode, rrset: Rrset): void {
    this.#answer.push({ owner: this.#name, rrset });
    if (this.#isProving) this.#addSignatures(node, this.#name, rrset.type);
  }

  #addSignatures(node: ZoneNode, owner: DomainName, type: number): void {
    this.#proofs.addSignatures(this.#answer, node, owner, type);
  }

  get #isProving(): boolean {
    return this.#wantsDnssec && this.#zone.isSigned;
  }

  #addSoa(): void {
    const { negativeSoaRrset, apex } = this.#zone;
    const node = this.#zone.find(apex);
    const owner = node?.name ?? apex;
    this.#authority.push({ owner, rrset: negativeSoaRrset });
    if (this.#isProving && node !== undefined) {
      this.#proofs.addSignatures(this.#authority, node, owner, recordTypes.SOA, negativeSoaRrset.ttl);
    }
  }

  #end(kind: LookupKind, additional?: readonly SectionRrset[]): Lookup {
    const isReferral = kind === "delegation" && this.#answer.length === 0;
    return {
      kind,
      rcode: rcodeOf(kind),
      isAuthoritative: !isReferral,
      answer: this.#answer,
      authority: this.#authority,
      additional: additional ?? addressesOfTargets(this.#zones, this.#zone, this.#answer),
      zone: this.#zone,
      wildcard: this.#wildcard,
    };
  }
}

/** Types that are asked of the alias itself (RFC 4035 §2.5 for the last three). */
const answersBesideAlias = new Set<number>([
  ...[recordTypes.CNAME, recordTypes.ANY, recordTypes.RRSIG, recordTypes.NSEC, recordTypes.KEY],
]);

/** ANY gets one RRset, which is enough for whom it serves and too little for whom it would amplify (RFC 8482 §4.1). */
function oneOf(node: ZoneNode): Rrset | undefined {
  return node.rrsets.find(({ type }) => type !== recordTypes.RRSIG && type !== recordTypes.NSEC) ?? node.rrsets[0];
}

/** The record data of CNAME and DNAME is one name. */
function nameAt(rdata: string): DomainName {
  return rdata as DomainName;
}

function rcodeOf(kind: LookupKind): Lookup["rcode"] {
  if (kind === "name error") return rcodes.NXDOMAIN;
  return kind === "too long" ? rcodes.YXDOMAIN : rcodes.NOERROR;
}
