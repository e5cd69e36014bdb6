import type { DomainName } from "../name/index.ts";
import type { Rrset } from "../record/index.ts";
import { hashName, PackedIndex } from "./packed-index.ts";
import type { Node, ZoneNode } from "./zone-node.ts";

/** Nodes lie in pieces of so many octets, or of one node where that is larger. */
const chunkOctets = 2 ** 18;
const offsetBits = 18;
const nameAt = 13;

interface Chunk {
  readonly octets: Buffer;
  used: number;
  /** Octets of nodes that are not there any more. */
  dead: number;
}

/**
 * Nodes as octets outside of the JavaScript heap: a million of them as objects would be a heap whose collection holds up answers for hundreds of milliseconds,
 * and several times the memory. Octets of a node never change, but for how many are below it and since when it is gone; so that a snapshot costs nothing.
 *
 * A node: its length, when it was taken away (0: it is there), the number of nodes directly below, each in 4 octets; the name's length in 1, the name; the
 * number of RRsets in 2; of each its type in 2, TTL in 4, number of records in 4, each with its length in 2.
 */
export class PackedNodes {
  /** Undefined where a chunk was given up. */
  readonly #chunks: (Chunk | undefined)[] = [];
  readonly #index = new PackedIndex((position, key) => this.#isNamed(position, key));
  readonly #free: number[] = [];
  #tail = -1;
  /** Rises with every node that is taken away: the clock of snapshots. */
  #taken = 0;

  get size(): number {
    return this.#index.size;
  }

  /** Octets that are held. */
  get octets(): number {
    return this.#chunks.reduce((sum, chunk) => sum + (chunk?.octets.length ?? 0), 0);
  }

  find(key: DomainName): Node | undefined {
    if (this.#index.size === 0) return undefined;
    const position = this.#index.find(hashName(key), key);
    return position < 0 ? undefined : this.#read(position);
  }

  has(key: DomainName): boolean {
    return this.#index.find(hashName(key), key) >= 0;
  }

  /** Puts a node there, of which there is none. */
  put(key: DomainName, node: Node): void {
    this.#index.add(hashName(key), this.#write(node));
  }

  /** Takes a node away, and answers it. */
  take(key: DomainName): Node | undefined {
    if (this.#index.size === 0) return undefined;
    const position = this.#index.remove(hashName(key), key);
    if (position < 0) return undefined;
    const node = this.#read(position);
    const number = position >>> offsetBits;
    const { chunk, offset } = this.#at(position);
    this.#taken += 1;
    chunk.octets.writeUInt32LE(this.#taken, offset + 4);
    chunk.dead += chunk.octets.readUInt32LE(offset);
    if (number !== this.#tail && chunk.dead * 2 > chunk.used) this.#clear(number, chunk);
    return node;
  }

  /** Counts nodes directly below another one; false where that is not here. */
  addChildren(key: DomainName, count: number): boolean {
    const position = this.#index.size === 0 ? -1 : this.#index.find(hashName(key), key);
    if (position < 0) return false;
    const { chunk, offset } = this.#at(position);
    chunk.octets.writeUInt32LE(chunk.octets.readUInt32LE(offset + 8) + count, offset + 8);
    return true;
  }

  /** All nodes of this moment, however long it takes to go through them and whatever is changed meanwhile. */
  snapshot(): Iterable<ZoneNode> {
    const pieces = this.#chunks.flatMap((chunk) =>
      chunk === undefined ? [] : { octets: chunk.octets, used: chunk.used },
    );
    const taken = this.#taken;
    return (function* () {
      for (const { octets, used } of pieces) {
        for (let at = 0; at < used; at += octets.readUInt32LE(at)) {
          const diedAt = octets.readUInt32LE(at + 4);
          if (diedAt === 0 || diedAt > taken) yield readNode(octets, at);
        }
      }
    })();
  }

  /** Gives a chunk up that is mostly of nodes that are gone; those who go through a snapshot keep it. */
  #clear(number: number, { octets, used }: Chunk): void {
    this.#chunks[number] = undefined;
    for (let at = 0; at < used; at += octets.readUInt32LE(at)) {
      if (octets.readUInt32LE(at + 4) !== 0) continue;
      const length = octets.readUInt32LE(at);
      const position = this.#room(length);
      const { chunk, offset } = this.#at(position);
      octets.copy(chunk.octets, offset, at, at + length);
      this.#index.move(hashOctets(octets, at), number * 2 ** offsetBits + at, position);
    }
    this.#free.push(number);
  }

  #at(position: number): { readonly chunk: Chunk; readonly offset: number } {
    const chunk = this.#chunks[position >>> offsetBits];
    if (chunk === undefined) throw new Error("a node lies nowhere");
    return { chunk, offset: position & (chunkOctets - 1) };
  }

  #isNamed(position: number, key: DomainName): boolean {
    const octets = this.#chunks[position >>> offsetBits]?.octets;
    const offset = position & (chunkOctets - 1);
    if (octets === undefined || octets[offset + nameAt - 1] !== key.length) return false;
    const from = offset + nameAt;
    for (let at = 0; at < key.length; at += 1) {
      if (lowerOctet(octets[from + at] ?? 0) !== key.charCodeAt(at)) return false;
    }
    return true;
  }

  #read(position: number): Node {
    const { chunk, offset } = this.#at(position);
    return readNode(chunk.octets, offset);
  }

  #write(node: Node): number {
    const length = sizeOf(node);
    const position = this.#room(length);
    const { chunk, offset } = this.#at(position);
    writeNode(chunk.octets, offset, length, node);
    return position;
  }

  /** Where so many octets are free, which they are no longer. */
  #room(length: number): number {
    const tail = this.#chunks[this.#tail];
    if (tail !== undefined && tail.used + length <= tail.octets.length) {
      tail.used += length;
      return this.#tail * 2 ** offsetBits + tail.used - length;
    }
    this.#tail = this.#free.pop() ?? this.#chunks.length;
    const octets = Buffer.allocUnsafeSlow(Math.max(chunkOctets, length));
    // A chunk of one large node is full, wherever it ends.
    this.#chunks[this.#tail] = { octets, used: length, dead: 0 };
    return this.#tail * 2 ** offsetBits;
  }
}

function lowerOctet(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet + 32 : octet;
}

/** As hashName, of the name of a node. */
function hashOctets(octets: Buffer, at: number): number {
  const length = octets[at + nameAt - 1] ?? 0;
  let name = "";
  for (let index = 0; index < length; index += 1)
    name += String.fromCharCode(lowerOctet(octets[at + nameAt + index] ?? 0));
  return hashName(name as DomainName);
}

function sizeOf({ name, rrsets }: Node): number {
  let size = nameAt + name.length + 2;
  for (const { rdatas } of rrsets) {
    size += 10;
    for (const rdata of rdatas) size += 2 + rdata.length;
  }
  return size;
}

function writeNode(octets: Buffer, start: number, length: number, { name, rrsets, children }: Node): void {
  octets.writeUInt32LE(length, start);
  octets.writeUInt32LE(0, start + 4);
  octets.writeUInt32LE(children, start + 8);
  octets.writeUInt8(name.length, start + 12);
  octets.write(name, start + nameAt, "latin1");
  let at = octets.writeUInt16LE(rrsets.length, start + nameAt + name.length);
  for (const { type, ttl, rdatas } of rrsets) {
    octets.writeUInt16LE(type, at);
    octets.writeUInt32LE(ttl, at + 2);
    at = octets.writeUInt32LE(rdatas.length, at + 6);
    for (const rdata of rdatas) {
      at = octets.writeUInt16LE(rdata.length, at);
      at += octets.write(rdata, at, "latin1");
    }
  }
}

function readNode(octets: Buffer, start: number): Node {
  const children = octets.readUInt32LE(start + 8);
  let at = start + nameAt + octets.readUInt8(start + 12);
  const name = octets.toString("latin1", start + nameAt, at) as DomainName;
  const rrsets: Rrset[] = [];
  const count = octets.readUInt16LE(at);
  at += 2;
  for (let index = 0; index < count; index += 1) {
    const type = octets.readUInt16LE(at);
    const ttl = octets.readUInt32LE(at + 2);
    const rdataCount = octets.readUInt32LE(at + 6);
    at += 10;
    const rdatas: string[] = [];
    for (let each = 0; each < rdataCount; each += 1) {
      const end = at + 2 + octets.readUInt16LE(at);
      rdatas.push(octets.toString("latin1", at + 2, end));
      at = end;
    }
    rrsets.push({ type, ttl, rdatas });
  }
  return { name, rrsets, children };
}
