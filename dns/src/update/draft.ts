import { type DomainName, lowerName } from "../name/index.ts";
import { type Octets, type ResourceRecord, type Rrset, recordDataKey, recordTypes } from "../record/index.ts";
import type { Zone, ZoneChange } from "../zone/index.ts";

/** A zone with changes that are not made yet: the names that they touch, as they would be. */
export class ZoneDraft {
  readonly #zone: Zone;
  readonly #touched = new Map<DomainName, { readonly name: DomainName; rrsets: readonly Rrset[] }>();

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  get apex(): DomainName {
    return this.#zone.apex;
  }

  rrsetsAt(name: DomainName): readonly Rrset[] {
    const key = lowerName(name);
    return this.#touched.get(key)?.rrsets ?? this.#zone.find(key)?.rrsets ?? [];
  }

  rrsetAt(name: DomainName, type: number): Rrset | undefined {
    return this.rrsetsAt(name).find((rrset) => rrset.type === type);
  }

  /** Adds a record, whose TTL becomes its RRset's. */
  add({ name, type, ttl, rdata }: ResourceRecord): void {
    const present = this.rrsetAt(name, type);
    const rdatas = [...(present?.rdatas.filter((each) => !isSame(type, each, rdata)) ?? []), rdata];
    this.#set(name, [...this.rrsetsAt(name).filter((rrset) => rrset !== present), { type, ttl, rdatas }]);
  }

  remove(name: DomainName, type: number, rdata: Octets): void {
    const present = this.rrsetAt(name, type);
    if (present === undefined) return;
    const rdatas = present.rdatas.filter((each) => !isSame(type, each, rdata));
    const others = this.rrsetsAt(name).filter((rrset) => rrset !== present);
    this.#set(name, rdatas.length === 0 ? others : [...others, { ...present, rdatas }]);
  }

  removeRrset(name: DomainName, type: number): void {
    this.#set(
      name,
      this.rrsetsAt(name).filter((rrset) => rrset.type !== type),
    );
  }

  /** What leads from the zone to this; a record whose TTL changed goes and comes. */
  change(): ZoneChange {
    const removed: ResourceRecord[] = [];
    const added: ResourceRecord[] = [];
    for (const [key, { name, rrsets }] of this.#touched) {
      const node = this.#zone.find(key);
      const before = recordsOf(node?.name ?? name, node?.rrsets ?? []);
      const after = recordsOf(node?.name ?? name, rrsets);
      const [wasThere, isThere] = [new Set(before.map(identify)), new Set(after.map(identify))];
      removed.push(...before.filter((record) => !isThere.has(identify(record))));
      added.push(...after.filter((record) => !wasThere.has(identify(record))));
    }
    return { removed, added };
  }

  #set(name: DomainName, rrsets: readonly Rrset[]): void {
    this.#touched.set(lowerName(name), { name, rrsets });
  }
}

function recordsOf(name: DomainName, rrsets: readonly Rrset[]): ResourceRecord[] {
  return rrsets.flatMap(({ type, ttl, rdatas }) => rdatas.map((rdata) => ({ name, type, ttl, rdata })));
}

function identify({ type, ttl, rdata }: ResourceRecord): string {
  return `${type} ${ttl} ${type === recordTypes.SOA ? rdata : recordDataKey(type, rdata)}`;
}

export function isSame(type: number, a: Octets, b: Octets): boolean {
  return a === b || recordDataKey(type, a) === recordDataKey(type, b);
}
