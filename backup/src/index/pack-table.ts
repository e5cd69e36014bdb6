import type { Id } from "../blob/index.ts";
import { IdBytes } from "./id-bytes.ts";

/** Packs by number: their ids in one array, open addressing over it, and for each the first of its blobs and the index files that mention it. */
export class PackTable {
  #count = 0;
  #words = new Uint32Array(8 * 1024);
  #buckets = new Uint32Array(2048);
  // Entry + 1 of the blob that was added last; 0 for none.
  #heads = new Uint32Array(1024);
  #isPresent = new Uint8Array(1024);
  // Number + 1 of the index file; 0 for none. Packs in more than one are few.
  #firstIndex = new Uint32Array(1024);
  readonly #moreIndexes = new Map<number, number[]>();
  readonly #indexIds: Id[] = [];
  readonly #indexNumbers = new Map<Id, number>();
  readonly #id = new IdBytes();

  /** The number of a pack; -1 when it is not there. */
  find(id: Id): number {
    if (!this.#id.setHex(id)) return -1;
    const entry = (this.#buckets[this.#seek()] ?? 0) - 1;
    return entry !== -1 && this.#isPresent[entry] === 1 ? entry : -1;
  }

  /** The number of a pack, which is there from now on. */
  add(id: Id): number {
    if (!this.#id.setHex(id)) throw new Error(`"${id}" is no id of a pack`);
    if ((this.#count + 1) * 2 > this.#buckets.length) this.#grow();
    const bucket = this.#seek();
    let number = (this.#buckets[bucket] ?? 0) - 1;
    if (number === -1) {
      number = this.#count++;
      this.#words.set(this.#id.words, number * 8);
      this.#buckets[bucket] = number + 1;
    }
    this.#isPresent[number] = 1;
    return number;
  }

  remove(number: number): void {
    this.#isPresent[number] = 0;
    this.#heads[number] = 0;
    this.#firstIndex[number] = 0;
    this.#moreIndexes.delete(number);
  }

  idOf(number: number): Id {
    this.#id.words.set(this.#words.subarray(number * 8, number * 8 + 8));
    return this.#id.hex();
  }

  headOf(number: number): number {
    return this.#heads[number] ?? 0;
  }

  setHead(number: number, head: number): void {
    this.#heads[number] = head;
  }

  /** Notes that an index file mentions this pack. */
  addIndex(number: number, indexId: Id): void {
    let index = this.#indexNumbers.get(indexId);
    if (index === undefined) {
      index = this.#indexIds.push(indexId);
      this.#indexNumbers.set(indexId, index);
    }
    const first = this.#firstIndex[number];
    if (first === 0) this.#firstIndex[number] = index;
    else if (first !== index) {
      const more = this.#moreIndexes.get(number) ?? [];
      if (!more.includes(index)) this.#moreIndexes.set(number, [...more, index]);
    }
  }

  /** Forgets which index files mention this pack, and notes these. */
  setIndexes(number: number, indexIds: readonly Id[]): void {
    this.#firstIndex[number] = 0;
    this.#moreIndexes.delete(number);
    for (const indexId of indexIds) this.addIndex(number, indexId);
  }

  indexesOf(number: number): Id[] {
    const first = this.#firstIndex[number] ?? 0;
    if (first === 0) return [];
    return [first, ...(this.#moreIndexes.get(number) ?? [])].map((index) => this.#indexIds[index - 1] ?? "");
  }

  /** Numbers of the packs that are there. */
  *numbers(): Generator<number> {
    for (let number = 0; number < this.#count; number++) if (this.#isPresent[number] === 1) yield number;
  }

  #seek(): number {
    const mask = this.#buckets.length - 1;
    const [a, b, c, d, e, f, g, h] = this.#id.words;
    for (let bucket = (a ?? 0) & mask; ; bucket = (bucket + 1) & mask) {
      const number = this.#buckets[bucket] ?? 0;
      if (number === 0) return bucket;
      const w = this.#words;
      const at = (number - 1) * 8;
      const isSameHead = w[at] === a && w[at + 1] === b && w[at + 2] === c && w[at + 3] === d;
      if (isSameHead && w[at + 4] === e && w[at + 5] === f && w[at + 6] === g && w[at + 7] === h) return bucket;
    }
  }

  #grow(): void {
    const capacity = this.#buckets.length;
    this.#words = enlarged(this.#words, 8 * capacity);
    this.#heads = enlarged(this.#heads, capacity);
    this.#firstIndex = enlarged(this.#firstIndex, capacity);
    const isPresent = new Uint8Array(capacity);
    isPresent.set(this.#isPresent);
    this.#isPresent = isPresent;
    const buckets = new Uint32Array(capacity * 2);
    for (let number = 0; number < this.#count; number++) {
      let bucket = (this.#words[number * 8] ?? 0) & (buckets.length - 1);
      while (buckets[bucket] !== 0) bucket = (bucket + 1) & (buckets.length - 1);
      buckets[bucket] = number + 1;
    }
    this.#buckets = buckets;
  }
}

function enlarged(old: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const result = new Uint32Array(length);
  result.set(old);
  return result;
}
