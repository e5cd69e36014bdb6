import type { RrsetInput, RrsetRecord } from "@mycloud/protocol/dns-zone";

/** Who has a name: a host, and of PTR records what they say. */
export interface Claimant {
  readonly id: number;
  readonly name: string;
  readonly target?: string;
}

/** Where a record belongs, and what its RRset says. */
export interface WantedPlace {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly owner: string;
}

interface Gathered {
  readonly rrset: RrsetInput;
  readonly data: Set<string>;
}

/** RRsets as they come together from hosts and registrations. */
export class WantedRrsets {
  readonly #zones = new Map<number, Map<string, Gathered>>();
  readonly #claims = new Map<string, Claimant>();

  /** Whose name it is: the first who claims it. */
  claim(zoneId: number, name: string, claimant: Claimant): Claimant {
    const key = `${zoneId} ${name}`;
    const holder = this.#claims.get(key) ?? claimant;
    this.#claims.set(key, holder);
    return holder;
  }

  /** The RRset's TTL is the shortest that any of its records came with. */
  add(zoneId: number, { name, type, ttlSeconds, owner }: WantedPlace, record: RrsetRecord): void {
    const zone = this.#zones.get(zoneId) ?? new Map<string, Gathered>();
    this.#zones.set(zoneId, zone);
    const key = `${name} ${type}`;
    const known = zone.get(key);
    if (known === undefined) {
      const records = [record];
      const rrset = { name, type, ttlSeconds, records, minimumAnswers: 1, answers: null, comment: "", owner };
      zone.set(key, { rrset, data: new Set([record.data]) });
      return;
    }
    known.rrset.ttlSeconds = Math.min(known.rrset.ttlSeconds ?? ttlSeconds, ttlSeconds);
    if (known.data.has(record.data)) return;
    known.data.add(record.data);
    known.rrset.records.push(record);
  }

  byZone(): Map<number, RrsetInput[]> {
    return new Map([...this.#zones].map(([id, rrsets]) => [id, [...rrsets.values()].map(({ rrset }) => rrset)]));
  }
}
