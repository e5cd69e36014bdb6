import { type DomainName, lowerName, parentOf, wildcardBelow } from "../name/index.ts";
import { OctetReader, type Octets, recordTypes } from "../record/index.ts";
import type { Zone, ZoneNode } from "../zone/index.ts";
import { rrsetOf } from "./locate.ts";
import type { SectionRrset } from "./lookup.ts";
import { NsecChain } from "./nsec-chain.ts";
import { Nsec3Chain } from "./nsec3-chain.ts";

/** Of a zone that was signed elsewhere: how it is shown that something is not there. */
interface Chain {
  readonly nsec: NsecChain | undefined;
  readonly nsec3: Nsec3Chain | undefined;
}

function chainOf(zone: Zone): Chain {
  const nsec3 = Nsec3Chain.of(zone);
  return { nsec: nsec3 === undefined ? new NsecChain(zone) : undefined, nsec3 };
}

/** Adds signatures and proofs of non-existence to an authority section, each once (RFC 4035 §3.1, RFC 5155 §7.2). */
export class Proofs {
  readonly #authority: SectionRrset[];

  constructor(authority: SectionRrset[]) {
    this.#authority = authority;
  }

  /** The signatures over an RRset of a node. A wildcard's are the same under the name that was asked for. `ttl` where the RRset's was cut. */
  addSignatures(section: SectionRrset[], node: ZoneNode, owner: DomainName, type: number, ttl?: number): void {
    const all = rrsetOf(node, recordTypes.RRSIG);
    const rdatas = all?.rdatas.filter((rdata) => coveredType(rdata) === type) ?? [];
    if (all === undefined || rdatas.length === 0) return;
    const covered = rrsetOf(node, type)?.ttl ?? all.ttl;
    section.push({ owner, rrset: { type: recordTypes.RRSIG, ttl: ttl ?? covered, rdatas } });
  }

  nameDoesNotExist(zone: Zone, name: DomainName, closestEncloser: DomainName): void {
    const { nsec, nsec3 } = chainOf(zone);
    const wildcard = wildcardBelow(closestEncloser);
    this.#add(nsec?.covering(name));
    if (nsec3 !== undefined) {
      this.#add(nsec3.matching(closestEncloser));
      this.#add(nsec3.covering(nextCloser(name, closestEncloser)));
    }
    if (wildcard !== undefined) this.#add(nsec?.covering(wildcard) ?? nsec3?.covering(wildcard));
  }

  /** A wildcard answered: there is nothing nearer. */
  noCloserName(zone: Zone, name: DomainName, closestEncloser: DomainName): void {
    const { nsec, nsec3 } = chainOf(zone);
    this.#add(nsec?.covering(name) ?? nsec3?.covering(nextCloser(name, closestEncloser)));
  }

  /** A wildcard answered that it has none of the type: as above, and by NSEC3 that what the wildcard is below is there (RFC 5155 §7.2.5). */
  noCloserNameNorData(zone: Zone, name: DomainName, closestEncloser: DomainName): void {
    this.#add(chainOf(zone).nsec3?.matching(closestEncloser));
    this.noCloserName(zone, name, closestEncloser);
  }

  noData(zone: Zone, node: ZoneNode): void {
    const { nsec, nsec3 } = chainOf(zone);
    if (nsec !== undefined) this.#add(nsec.at(node.name) ?? nsec.covering(node.name));
    else this.#addNsec3(zone, nsec3, node.name);
  }

  /** What secures a delegation: its DS records, or that it has none. */
  delegation(zone: Zone, node: ZoneNode): void {
    const secured = rrsetOf(node, recordTypes.DS);
    if (secured !== undefined) {
      this.#authority.push({ owner: node.name, rrset: secured });
      this.addSignatures(this.#authority, node, node.name, recordTypes.DS);
      return;
    }
    const { nsec, nsec3 } = chainOf(zone);
    if (nsec !== undefined) this.#add(nsec.at(node.name));
    else this.#addNsec3(zone, nsec3, node.name);
  }

  /** The name's own NSEC3 record; where opt-out left it out, what shows that nothing signed is there (RFC 5155 §7.2.4). */
  #addNsec3(zone: Zone, nsec3: Nsec3Chain | undefined, name: DomainName): void {
    const own = nsec3?.matching(name);
    if (nsec3 === undefined || own !== undefined) {
      this.#add(own);
      return;
    }
    let encloser = parentOf(name);
    let below = name;
    while (lowerName(encloser) !== zone.apex && nsec3.matching(encloser) === undefined) {
      below = encloser;
      encloser = parentOf(encloser);
    }
    this.#add(nsec3.matching(encloser));
    this.#add(nsec3.covering(below));
  }

  #add(node: ZoneNode | undefined): void {
    if (node === undefined) return;
    for (const type of [recordTypes.NSEC, recordTypes.NSEC3]) {
      const rrset = rrsetOf(node, type);
      if (rrset === undefined || this.#has(node.name, type)) continue;
      this.#authority.push({ owner: node.name, rrset });
      this.addSignatures(this.#authority, node, node.name, type);
    }
  }

  #has(name: DomainName, type: number): boolean {
    return this.#authority.some(({ owner, rrset }) => rrset.type === type && owner === name);
  }
}

/** The name one label longer than the closest encloser, on the way to `name` (RFC 5155 §1.3). */
function nextCloser(name: DomainName, closestEncloser: DomainName): DomainName {
  let at = name;
  while (parentOf(at).length > closestEncloser.length) at = parentOf(at);
  return at;
}

function coveredType(rdata: Octets): number {
  return new OctetReader(Buffer.from(rdata.slice(0, 2), "latin1")).u16();
}
