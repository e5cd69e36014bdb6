import { type Octets, type Rrset, recordDataKey } from "../record/index.ts";

/** In a set of so many records the ones that are there are looked through faster than remembered. */
const fewRecords = 32;

interface GrowingRrset {
  readonly rrset: Rrset;
  readonly rdatas: Octets[];
  /** Of all its data; made when there is much of it. */
  keys: Set<string> | undefined;
  /** In which change it was made. */
  readonly change: number;
}

/**
 * RRsets to which records come. Nobody has seen those that the change under way made, so that they grow in place: RRsets of a hundred thousand records would
 * be copied as often. What is in large ones is remembered from one change to the next.
 */
export class GrowingRrsets {
  readonly #made = new WeakMap<Rrset, GrowingRrset>();
  #change = 0;

  /** Another change begins: from now on RRsets stay as they are. */
  begin(): void {
    this.#change += 1;
  }

  /** An RRset with one more record, or with the same ones where that is there; what was seen before this change stays as it is. */
  with(present: Rrset, ttl: number, rdata: Octets): { readonly rrset: Rrset; readonly isNew: boolean } {
    const growing = this.#grow(present, ttl);
    const isNew = !has(growing, rdata);
    if (isNew) {
      growing.rdatas.push(rdata);
      growing.keys?.add(recordDataKey(present.type, rdata));
    }
    return { rrset: growing.rrset, isNew };
  }

  #grow(present: Rrset, ttl: number): GrowingRrset {
    const known = this.#made.get(present);
    const isOurs = known?.change === this.#change;
    if (isOurs && present.ttl === ttl) return known;
    const rdatas = isOurs ? known.rdatas : [...present.rdatas];
    const growing = { rrset: { type: present.type, ttl, rdatas }, rdatas, keys: known?.keys, change: this.#change };
    // The one before is replaced, and what is remembered goes on.
    this.#made.delete(present);
    this.#made.set(growing.rrset, growing);
    return growing;
  }
}

function has(growing: GrowingRrset, rdata: Octets): boolean {
  const { rdatas, rrset } = growing;
  const wanted = recordDataKey(rrset.type, rdata);
  if (growing.keys === undefined && rdatas.length > fewRecords) {
    growing.keys = new Set(rdatas.map((each) => recordDataKey(rrset.type, each)));
  }
  return growing.keys?.has(wanted) ?? rdatas.some((each) => recordDataKey(rrset.type, each) === wanted);
}
