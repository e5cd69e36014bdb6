import { type DomainName, parentOf, rootName } from "../name/index.ts";
import { namesInRecordData, type Octets, recordTypes } from "../record/index.ts";
import { classes, type EdnsOption, headerOctets, type QuestionEntry } from "./message.ts";

/** Names begin below this, or they cannot be pointed at: a pointer has 14 bits. */
const pointerLimit = 0x4000;

/** Where a writer may be set back to. */
interface Mark {
  readonly at: number;
  readonly names: number;
}

type Section = "answer" | "authority" | "additional";
const countAt = { answer: 6, authority: 8, additional: 10 } as const;

/** An RRset as a section has it. */
export interface WrittenRrset {
  readonly owner: DomainName;
  readonly type: number;
  /** IN where it is left out. */
  readonly class?: number;
  readonly ttl: number;
  readonly rdatas: readonly Octets[];
}

/** A message as it is written, names compressed (RFC 1035 §4.1.4), never longer than its limit. */
export class MessageWriter {
  readonly #octets: Buffer;
  #at = headerOctets;
  readonly #offsets = new Map<string, number>();
  readonly #names: string[] = [];
  #limit: number;

  /** `octets` is written over; the message is at most `limit` long. */
  constructor(octets: Buffer, limit = octets.length) {
    this.#octets = octets;
    this.#limit = Math.min(limit, octets.length);
    octets.fill(0, 0, headerOctets);
  }

  get length(): number {
    return this.#at;
  }

  /** Keeps octets free for what comes last, or gives them back (less than 0). */
  reserve(count: number): void {
    this.#limit -= count;
  }

  setHeader(id: number, flags: number): void {
    this.#octets.writeUInt16BE(id, 0);
    this.#octets.writeUInt16BE(flags, 2);
  }

  addFlags(flags: number): void {
    this.#octets.writeUInt16BE(this.#octets.readUInt16BE(2) | flags, 2);
  }

  /** False where it does not fit. */
  addQuestion({ name, type, class: questionClass }: QuestionEntry): boolean {
    const mark = this.#mark();
    if (!this.#name(name) || !this.#room(4)) return this.#reset(mark);
    this.#u16(type);
    this.#u16(questionClass);
    this.#octets.writeUInt16BE(this.#octets.readUInt16BE(4) + 1, 4);
    return true;
  }

  /** All records of an RRset, or none and false where not all of them fit (RFC 2181 §9). They begin with the one at `first`. */
  addRrset(section: Section, rrset: WrittenRrset, first = 0): boolean {
    const mark = this.#mark();
    const { length } = rrset.rdatas;
    for (let index = 0; index < length; index += 1) {
      const rdata = rrset.rdatas[(first + index) % length] ?? "";
      if (!this.#record(rrset, rdata)) return this.#reset(mark);
    }
    const at = countAt[section];
    this.#octets.writeUInt16BE(this.#octets.readUInt16BE(at) + length, at);
    return true;
  }

  /** One record; false where it does not fit. */
  addRecord(section: Section, rrset: Omit<WrittenRrset, "rdatas">, rdata: Octets): boolean {
    const mark = this.#mark();
    if (!this.#record(rrset, rdata)) return this.#reset(mark);
    const at = countAt[section];
    this.#octets.writeUInt16BE(this.#octets.readUInt16BE(at) + 1, at);
    return true;
  }

  /** An OPT record (RFC 6891 §6.1.2); `extendedRcode` is the upper eight bits of the result code. */
  addEdns(payloadSize: number, extendedRcode: number, wantsDnssec: boolean, options: readonly EdnsOption[]): boolean {
    let rdata = "";
    for (const { code, data } of options) {
      rdata +=
        String.fromCharCode(code >> 8, code & 255, data.length >> 8, data.length & 255) + data.toString("latin1");
    }
    const ttl = extendedRcode * 2 ** 24 + (wantsDnssec ? 0x8000 : 0);
    return this.addRecord("additional", { owner: rootName, type: recordTypes.OPT, class: payloadSize, ttl }, rdata);
  }

  /** What was written. The same memory, not a copy. */
  finish(): Buffer {
    return this.#octets.subarray(0, this.#at);
  }

  #record({ owner, type, class: recordClass = classes.IN, ttl }: Omit<WrittenRrset, "rdatas">, rdata: Octets): boolean {
    if (!this.#name(owner) || !this.#room(10)) return false;
    this.#u16(type);
    this.#u16(recordClass);
    this.#at = this.#octets.writeUInt32BE(ttl, this.#at);
    const lengthAt = this.#at;
    this.#at += 2;
    if (!this.#data(recordClass === classes.IN ? type : 0, rdata)) return false;
    this.#octets.writeUInt16BE(this.#at - lengthAt - 2, lengthAt);
    return true;
  }

  #data(type: number, rdata: Octets): boolean {
    let from = 0;
    if (compressedTypes.has(type)) {
      for (const { at, name } of namesInRecordData(type, rdata)) {
        if (!this.#raw(rdata.slice(from, at)) || !this.#name(name)) return false;
        from = at + name.length;
      }
    }
    return this.#raw(from === 0 ? rdata : rdata.slice(from));
  }

  #raw(octets: Octets): boolean {
    if (!this.#room(octets.length)) return false;
    this.#at += this.#octets.write(octets, this.#at, "latin1");
    return true;
  }

  /** Case is kept: only a suffix with the same letters is pointed at, so that 0x20 and what people wrote come out as they were. */
  #name(name: DomainName): boolean {
    let at = name;
    while (at !== rootName) {
      const offset = this.#offsets.get(at);
      if (offset !== undefined) {
        if (!this.#room(2)) return false;
        this.#u16(0xc000 | offset);
        return true;
      }
      const length = 1 + at.charCodeAt(0);
      if (!this.#room(length)) return false;
      if (this.#at < pointerLimit) {
        this.#offsets.set(at, this.#at);
        this.#names.push(at);
      }
      this.#at += this.#octets.write(at.slice(0, length), this.#at, "latin1");
      at = parentOf(at);
    }
    if (!this.#room(1)) return false;
    this.#octets[this.#at++] = 0;
    return true;
  }

  #room(count: number): boolean {
    return this.#at + count <= this.#limit;
  }

  #u16(value: number): void {
    this.#at = this.#octets.writeUInt16BE(value, this.#at);
  }

  #mark(): Mark {
    return { at: this.#at, names: this.#names.length };
  }

  #reset({ at, names }: Mark): false {
    this.#at = at;
    for (const name of this.#names.splice(names)) this.#offsets.delete(name);
    return false;
  }
}

/** RFC 1035's own types, whose names may be compressed (RFC 3597 §4). */
const compressedTypes = new Set<number>([
  ...[
    recordTypes.NS,
    recordTypes.MD,
    recordTypes.MF,
    recordTypes.CNAME,
    recordTypes.SOA,
    recordTypes.MB,
    recordTypes.MG,
  ],
  ...[recordTypes.MR, recordTypes.PTR, recordTypes.MINFO, recordTypes.MX],
]);
