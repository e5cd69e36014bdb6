import type { DomainName } from "../name/index.ts";

/** A number of 32 bits for a name in lower case: FNV-1a, mixed so that its upper bits depend on all octets. */
export function hashName(name: DomainName): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

const partBits = 8;
const firstSlots = 16;
const empty = -1;
const gone = -2;

/** Positions from 0 to below 2^32 by hash, as open addressing has them, in parts: one of them grows in a fraction of a millisecond. */
interface Part {
  hashes: Uint32Array;
  /** Positions; doubles hold them with the two marks. */
  positions: Float64Array;
  live: number;
  /** With those that are gone. */
  used: number;
}

/** Where the nodes of names lie. */
export class PackedIndex {
  readonly #isNamed: (position: number, key: DomainName) => boolean;
  readonly #parts: Part[] = Array.from({ length: 2 ** partBits }, () => makePart(firstSlots));
  #size = 0;

  /** `isNamed`: whether the node at a position has that name. */
  constructor(isNamed: (position: number, key: DomainName) => boolean) {
    this.#isNamed = isNamed;
  }

  get size(): number {
    return this.#size;
  }

  /** -1 where there is none. */
  find(hash: number, key: DomainName): number {
    const part = this.#partOf(hash);
    const slot = this.#slotOf(part, hash, key);
    return slot < 0 ? -1 : (part.positions[slot] ?? -1);
  }

  /** Adds what is not there. */
  add(hash: number, position: number): void {
    const part = this.#partOf(hash);
    if ((part.used + 1) * 4 > part.positions.length * 3) grow(part);
    insert(part, hash, position);
    this.#size += 1;
  }

  /** Answers where it was; -1 where it was not. */
  remove(hash: number, key: DomainName): number {
    const part = this.#partOf(hash);
    const slot = this.#slotOf(part, hash, key);
    if (slot < 0) return -1;
    const position = part.positions[slot] ?? -1;
    part.positions[slot] = gone;
    part.live -= 1;
    this.#size -= 1;
    return position;
  }

  /** A node lies elsewhere now. */
  move(hash: number, from: number, to: number): void {
    const { positions, hashes } = this.#partOf(hash);
    const mask = positions.length - 1;
    for (let slot = hash & mask; positions[slot] !== empty; slot = (slot + 1) & mask) {
      if (positions[slot] !== from || hashes[slot] !== hash) continue;
      positions[slot] = to;
      return;
    }
  }

  #partOf(hash: number): Part {
    const part = this.#parts[hash >>> (32 - partBits)];
    if (part === undefined) throw new Error("a hash has more than 32 bits");
    return part;
  }

  #slotOf({ positions, hashes }: Part, hash: number, key: DomainName): number {
    const mask = positions.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const position = positions[slot] ?? empty;
      if (position === empty) return -1;
      if (position >= 0 && hashes[slot] === hash && this.#isNamed(position, key)) return slot;
    }
  }
}

function makePart(slots: number): Part {
  return { hashes: new Uint32Array(slots), positions: new Float64Array(slots).fill(empty), live: 0, used: 0 };
}

function insert(part: Part, hash: number, position: number): void {
  const { positions, hashes } = part;
  const mask = positions.length - 1;
  let slot = hash & mask;
  while (positions[slot] !== empty) slot = (slot + 1) & mask;
  positions[slot] = position;
  hashes[slot] = hash;
  part.live += 1;
  part.used += 1;
}

/** Those that are gone leave; there is room for as many again. */
function grow(part: Part): void {
  const { positions, hashes } = part;
  let slots = firstSlots;
  while (slots < (part.live + 1) * 2) slots *= 2;
  Object.assign(part, makePart(slots));
  for (let slot = 0; slot < positions.length; slot += 1) {
    const position = positions[slot] ?? empty;
    if (position >= 0) insert(part, hashes[slot] ?? 0, position);
  }
}
