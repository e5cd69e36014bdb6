/** How often a key was seen: never less than that, and too many by at most `error`. */
export interface HeavyHitter {
  readonly key: string;
  readonly count: number;
  readonly error: number;
}

interface Slot {
  key: string;
  count: number;
  error: number;
}

/**
 * The keys that are seen most, of any number of them, in `capacity` slots (SpaceSaving): a new key takes the slot of the rarest and its count. Every key
 * with more than total/capacity is among them.
 */
export class HeavyHitters {
  readonly #capacity: number;
  readonly #slots = new Map<string, Slot>();
  /** A binary heap by count, the rarest first; `#places` says where a slot is. */
  readonly #heap: Slot[] = [];
  readonly #places = new Map<Slot, number>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(key: string, weight = 1): void {
    const known = this.#slots.get(key);
    if (known !== undefined) {
      known.count += weight;
      this.#sink(this.#places.get(known) ?? 0);
      return;
    }
    const rarest = this.#heap[0];
    if (this.#heap.length < this.#capacity || rarest === undefined) {
      const slot = { key, count: weight, error: 0 };
      this.#slots.set(key, slot);
      this.#heap.push(slot);
      this.#rise(this.#heap.length - 1);
      return;
    }
    this.#slots.delete(rarest.key);
    rarest.key = key;
    rarest.error = rarest.count;
    rarest.count += weight;
    this.#slots.set(key, rarest);
    this.#sink(0);
  }

  /** The `limit` largest, by what is certain of them first, and all is forgotten. */
  take(limit: number): HeavyHitter[] {
    const sorted = this.#heap
      .filter(({ count, error }) => count > error)
      .toSorted((a, b) => b.count - b.error - (a.count - a.error));
    const top = sorted.slice(0, limit).map((slot) => ({ ...slot }));
    this.#slots.clear();
    this.#places.clear();
    this.#heap.length = 0;
    return top;
  }

  #rise(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#countAt(parent) <= this.#countAt(at)) break;
      this.#swap(at, parent);
      at = parent;
    }
    this.#note(at);
  }

  #sink(start: number): void {
    let at = start;
    for (;;) {
      const left = 2 * at + 1;
      const smaller = this.#countAt(left + 1) < this.#countAt(left) ? left + 1 : left;
      if (this.#countAt(smaller) >= this.#countAt(at)) break;
      this.#swap(at, smaller);
      at = smaller;
    }
    this.#note(at);
  }

  #countAt(at: number): number {
    return this.#heap[at]?.count ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
    this.#places.set(second, a);
    this.#places.set(first, b);
  }

  #note(at: number): void {
    const slot = this.#heap[at];
    if (slot !== undefined) this.#places.set(slot, at);
  }
}

/** Several lists as one, the largest first. */
export function mergeHeavyHitters(lists: readonly (readonly HeavyHitter[])[], limit: number): HeavyHitter[] {
  const sums = new Map<string, HeavyHitter>();
  for (const { key, count, error } of lists.flat()) {
    const known = sums.get(key);
    sums.set(key, { key, count: count + (known?.count ?? 0), error: error + (known?.error ?? 0) });
  }
  return [...sums.values()].toSorted((a, b) => b.count - a.count).slice(0, limit);
}
