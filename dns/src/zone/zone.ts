import { type DomainName, formatName, isAtOrBelow, lowerName, parentOf } from "../name/index.ts";
import {
  formatRecordType,
  type Octets,
  type ResourceRecord,
  type Rrset,
  recordDataKey,
  recordTypes,
} from "../record/index.ts";
import { GrowingRrsets } from "./growing-rrsets.ts";
import { NodeTable } from "./node-table.ts";
import { SortedNames } from "./sorted-names.ts";
import { readSoa, type StartOfAuthority } from "./start-of-authority.ts";
import type { Node, ZoneNode } from "./zone-node.ts";

/** Records that are no zone; the message says which and why. */
export class ZoneError extends Error {
  override readonly name = "ZoneError";
}

/**
 * What an authoritative server knows of a zone (RFC 1034 §4.2): the tree of its names, in memory, by name in lower case. A change is made in one go,
 * so that nobody sees half of it; RRsets never change but are replaced, so that who walks through them may take their time.
 */
export class Zone {
  /** In lower case. */
  readonly apex: DomainName;
  readonly #nodes: NodeTable;
  /** Names other than the apex with NS, and all with DNAME: what is below them is answered elsewhere. */
  readonly #cuts = new Set<DomainName>();
  /** Of a zone that was signed elsewhere: who owns NSEC records, and NSEC3 records directly below the apex. */
  readonly #nsecOwners = new SortedNames();
  readonly #nsec3Owners = new SortedNames();
  readonly #growing = new GrowingRrsets();
  #recordCount = 0;
  #version = 0;
  #authority: { readonly version: number; readonly soa: StartOfAuthority; readonly negative: Rrset } | undefined;

  /** Throws ZoneError for records outside of it, and when there is not exactly one SOA, at the apex. */
  constructor(apex: DomainName, records: Iterable<ResourceRecord>) {
    this.apex = lowerName(apex);
    this.#nodes = new NodeTable(this.apex);
    this.#nodes.add(this.apex, { name: apex, rrsets: [], children: 0 });
    for (const record of records) this.#add(record);
    this.#requireSoa();
  }

  get soaRrset(): Rrset {
    const rrset = this.#nodes.find(this.apex)?.rrsets.find(({ type }) => type === recordTypes.SOA);
    if (rrset === undefined) throw new ZoneError(`${formatName(this.apex)} has no SOA record`);
    return rrset;
  }

  get soa(): StartOfAuthority {
    return this.#readAuthority().soa;
  }

  /** The SOA record as it goes along with "there is no such thing": its TTL says how long that may be remembered (RFC 2308 §3). */
  get negativeSoaRrset(): Rrset {
    return this.#readAuthority().negative;
  }

  /** Rises with every change; what was worked out of the zone holds as long as it stands. */
  get version(): number {
    return this.#version;
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  get nameCount(): number {
    return this.#nodes.size;
  }

  /** Whether the zone was signed somewhere: there is a DNSKEY at its apex. */
  get isSigned(): boolean {
    return this.#nodes.find(this.apex)?.rrsets.some(({ type }) => type === recordTypes.DNSKEY) ?? false;
  }

  /** `name` in lower case. */
  find(name: DomainName): ZoneNode | undefined {
    return this.#nodes.find(name);
  }

  /** The names that delegations and DNAMEs are at, in lower case. */
  get cuts(): ReadonlySet<DomainName> {
    return this.#cuts;
  }

  /** The owner of the NSEC record that is, or covers, a name (RFC 4034 §4), in lower case. Undefined where the zone has none. */
  nsecOwnerAtOrBefore(name: DomainName): DomainName | undefined {
    return this.#nsecOwners.atOrBefore(name);
  }

  /** As for NSEC: `name` is a hash directly below the apex (RFC 5155 §1.3). */
  nsec3OwnerAtOrBefore(name: DomainName): DomainName | undefined {
    return this.#nsec3Owners.atOrBefore(name);
  }

  /** All names of this moment, the apex first, the others in no order; who goes through them may take their time, whatever is changed meanwhile. */
  nodes(): Iterable<ZoneNode> {
    return this.#nodes.snapshot();
  }

  /** All records of this moment as a zone transfer sends them: the SOA record first (RFC 5936 §2.2), once. */
  records(): Iterable<ResourceRecord> {
    return recordsOf(this.soaRecord, this.nodes());
  }

  get soaRecord(): ResourceRecord {
    const { type, ttl, rdatas } = this.soaRrset;
    return { name: this.#nodes.find(this.apex)?.name ?? this.apex, type, ttl, rdata: rdatas[0] ?? "" };
  }

  /**
   * Takes records away and puts others there, in one go. What is taken away is found by its data, whatever its TTL; what is put there gives its
   * TTL to its RRset (RFC 2136 §3.4.2.2 leaves that open; a set has one). Throws ZoneError, and nothing has changed.
   */
  change({ removed, added }: ZoneChange): void {
    for (const record of added) this.#requireInside(record);
    const soaCount = added.filter(({ type }) => type === recordTypes.SOA).length;
    if (soaCount > 1)
      throw new ZoneError(`a change of ${formatName(this.apex)} has ${soaCount} SOA records; expected one`);
    if (soaCount === 0 && removed.some(({ type }) => type === recordTypes.SOA)) {
      throw new ZoneError(`a change would leave ${formatName(this.apex)} without a SOA record`);
    }
    this.#version += 1;
    this.#removeAll(removed);
    this.#growing.begin();
    for (const record of added) {
      if (record.type === recordTypes.SOA) this.#removeRrset(this.apex, recordTypes.SOA);
      this.#add(record, "replaces the TTL");
    }
  }

  /** What every answer that says no is made of: read once for each version. */
  #readAuthority(): { readonly soa: StartOfAuthority; readonly negative: Rrset } {
    if (this.#authority?.version === this.#version) return this.#authority;
    const rrset = this.soaRrset;
    const soa = readSoa(rrset.rdatas[0] ?? "");
    const negative = { ...rrset, ttl: Math.min(rrset.ttl, soa.minimum) };
    this.#authority = { version: this.#version, soa, negative };
    return this.#authority;
  }

  #add(record: ResourceRecord, ttlOf: "keeps the TTL" | "replaces the TTL" = "keeps the TTL"): void {
    this.#requireInside(record);
    this.#nodes.settle();
    const key = lowerName(record.name);
    const node = this.#nodes.edit(key) ?? this.#addNode(key, record.name);
    const at = node.rrsets.findIndex(({ type }) => type === record.type);
    const present = node.rrsets[at];
    if (present === undefined) {
      node.rrsets.push({ type: record.type, ttl: record.ttl, rdatas: [record.rdata] });
      this.#recordCount += 1;
      this.#chainOf(key, record.type)?.add(key);
    } else {
      const ttl = ttlOf === "replaces the TTL" ? record.ttl : present.ttl;
      const { rrset, isNew } = this.#growing.with(present, ttl, record.rdata);
      node.rrsets[at] = rrset;
      if (isNew) this.#recordCount += 1;
    }
    this.#noteCut(key, node);
  }

  #addNode(key: DomainName, name: DomainName): Node {
    const node = { name, rrsets: [], children: 0 };
    this.#nodes.add(key, node);
    if (key === this.apex) return node;
    const parentKey = parentOf(key);
    if (this.#nodes.addChildren(parentKey, 1)) return node;
    this.#addNode(parentKey, parentOf(name)).children += 1;
    return node;
  }

  /** Those of one RRset at once: a large one is gone through no more often. */
  #removeAll(records: readonly ResourceRecord[]): void {
    const wanted = new Map<string, { key: DomainName; type: number; dataKeys: Set<string> }>();
    for (const { name, type, rdata } of records) {
      const key = lowerName(name);
      const id = `${type} ${key}`;
      const present = wanted.get(id);
      if (present === undefined) wanted.set(id, { key, type, dataKeys: new Set([recordDataKey(type, rdata)]) });
      else present.dataKeys.add(recordDataKey(type, rdata));
    }
    for (const { key, type, dataKeys } of wanted.values()) this.#remove(key, type, dataKeys);
  }

  #remove(key: DomainName, type: number, dataKeys: ReadonlySet<string>): void {
    this.#nodes.settle();
    const node = this.#nodes.edit(key);
    const at = node?.rrsets.findIndex((rrset) => rrset.type === type) ?? -1;
    const present = node?.rrsets[at];
    if (node === undefined || present === undefined) return;
    const rdatas = present.rdatas.filter((rdata) => !dataKeys.has(recordDataKey(type, rdata)));
    this.#recordCount -= present.rdatas.length - rdatas.length;
    if (rdatas.length > 0) node.rrsets[at] = { ...present, rdatas };
    else this.#dropRrset(key, node, at);
  }

  #removeRrset(key: DomainName, type: number): void {
    const node = this.#nodes.edit(key);
    const at = node?.rrsets.findIndex((rrset) => rrset.type === type) ?? -1;
    if (node === undefined || at < 0) return;
    this.#recordCount -= node.rrsets[at]?.rdatas.length ?? 0;
    this.#dropRrset(key, node, at);
  }

  #dropRrset(key: DomainName, node: Node, at: number): void {
    this.#chainOf(key, node.rrsets[at]?.type)?.delete(key);
    node.rrsets = node.rrsets.toSpliced(at, 1);
    this.#noteCut(key, node);
    this.#prune(key, node);
  }

  /** A name goes when it has no records and nothing below it, and with it every empty one above that it held. */
  #prune(key: DomainName, node: Node): void {
    if (key === this.apex || node.rrsets.length > 0 || node.children > 0) return;
    this.#nodes.delete(key);
    const parentKey = parentOf(key);
    if (!this.#nodes.addChildren(parentKey, -1)) return;
    const parent = this.#nodes.edit(parentKey);
    if (parent !== undefined) this.#prune(parentKey, parent);
  }

  #chainOf(key: DomainName, type: number | undefined): SortedNames | undefined {
    if (type === recordTypes.NSEC) return this.#nsecOwners;
    return type === recordTypes.NSEC3 && parentOf(key) === this.apex ? this.#nsec3Owners : undefined;
  }

  #noteCut(key: DomainName, { rrsets }: Node): void {
    const isCut = rrsets.some(
      ({ type }) => type === recordTypes.DNAME || (type === recordTypes.NS && key !== this.apex),
    );
    if (isCut) this.#cuts.add(key);
    else this.#cuts.delete(key);
  }

  #requireInside({ name, type }: ResourceRecord): void {
    if (!isAtOrBelow(name, this.apex)) {
      throw new ZoneError(`${formatName(name)} ${formatRecordType(type)} is not in the zone ${formatName(this.apex)}`);
    }
    if (type === recordTypes.SOA && lowerName(name) !== this.apex) {
      throw new ZoneError(`${formatName(name)} has a SOA record; only the apex ${formatName(this.apex)} has one`);
    }
  }

  #requireSoa(): void {
    const count = this.soaRrset.rdatas.length;
    if (count !== 1) throw new ZoneError(`${formatName(this.apex)} has ${count} SOA records; expected one`);
  }
}

/** Records that go and records that come, as IXFR has them (RFC 1995): the old SOA record among the first, the new one among the second. */
export interface ZoneChange {
  readonly removed: readonly ResourceRecord[];
  readonly added: readonly ResourceRecord[];
}

function* recordsOf(soa: ResourceRecord, nodes: Iterable<ZoneNode>): Generator<ResourceRecord> {
  yield soa;
  for (const { name, rrsets } of nodes) {
    for (const { type, ttl, rdatas } of rrsets) {
      if (type === recordTypes.SOA) continue;
      for (const rdata of rdatas) yield { name, type, ttl: ttlOfRecord(rrsets, type, ttl, rdata), rdata };
    }
  }
}

/** A signature lives as long as what it signs (RFC 4034 §3), whatever else is signed at the name. */
function ttlOfRecord(rrsets: readonly Rrset[], type: number, ttl: number, rdata: Octets): number {
  if (type !== recordTypes.RRSIG) return ttl;
  const covered = rdata.charCodeAt(0) * 256 + rdata.charCodeAt(1);
  return rrsets.find((rrset) => rrset.type === covered)?.ttl ?? ttl;
}
