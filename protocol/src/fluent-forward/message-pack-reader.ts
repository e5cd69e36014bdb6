import { type EventTime, eventTimeExtension } from "./event-time.ts";
import { MessagePackError } from "./message-pack-error.ts";

/** Integers past what a number holds exactly are bigint; extensions other than EventTime are their bytes. */
export type MessagePackValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | EventTimeValue
  | MessagePackValue[]
  | { [key: string]: MessagePackValue };

/** A time among values; a class, so that no map can look like one. */
export class EventTimeValue implements EventTime {
  readonly seconds: number;
  readonly nanoseconds: number;
  constructor(seconds: number, nanoseconds: number) {
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }
}

export interface MessagePackLimits {
  /** Arrays and maps within each other. */
  readonly depth: number;
  /** Entries of one array or map. That they are there is looked at before anything is made for them. */
  readonly elements: number;
  /** Of all that is read by one reader: an empty map is one byte, and fifty when it is an object. */
  readonly values: number;
}

export const defaultMessagePackLimits: MessagePackLimits = {
  depth: 16,
  elements: 1_000_000,
  values: 10_000_000,
};

export type MessagePackKind = "nil" | "boolean" | "number" | "text" | "binary" | "array" | "map" | "extension";

const keyCacheSlots = 512;
const longestCachedKey = 32;
interface CachedKey {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Reads MessagePack from bytes that are all there. Throws MessagePackError for what is cut off, no MessagePack, or past the limits; nothing it makes is
 * larger than the bytes it was made of, times a constant.
 */
export class MessagePackReader {
  offset: number;
  readonly #bytes: Buffer;
  readonly #limits: MessagePackLimits;
  #values = 0;
  readonly #keys: (CachedKey | undefined)[] = new Array(keyCacheSlots);

  constructor(bytes: Uint8Array, limits: MessagePackLimits = defaultMessagePackLimits, offset = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
    this.offset = offset;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.#bytes.length;
  }

  /** What comes next; nothing is read. */
  kind(): MessagePackKind {
    return kindOf(this.#byteAt(this.offset));
  }

  /** The number of values that follow. */
  arraySize(): number {
    return this.#size(this.#collectionSize(0x90, 0xdc, "an array"), 1);
  }

  /** The number of keys that follow, each with its value. */
  mapSize(): number {
    return this.#size(this.#collectionSize(0x80, 0xde, "a map"), 2);
  }

  /** A text or bytes, as bytes: older senders write bytes as texts. What is answered is part of what is read, no copy. */
  bytes(): Buffer {
    const length = this.#bytesLength(this.#take(1));
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    const length = this.#bytesLength(this.#take(1));
    const start = this.#take(length);
    return this.#bytes.toString("utf8", start, start + length);
  }

  /** Whatever comes next. */
  value(depth = 0): MessagePackValue {
    const head = this.#byteAt(this.offset);
    if (head < 0x80) {
      this.offset += 1;
      return head;
    }
    switch (kindOf(head)) {
      case "text":
        return this.text();
      case "map":
        return this.#map(depth);
      case "array":
        return this.#array(depth);
      case "binary":
        return this.bytes();
      case "number":
        return this.#number();
      case "extension":
        return this.#extension();
      case "nil":
        this.offset += 1;
        return null;
      case "boolean":
        this.offset += 1;
        return head === 0xc3;
    }
  }

  #array(depth: number): MessagePackValue[] {
    const size = this.arraySize();
    this.#checkDepth(depth);
    const values: MessagePackValue[] = [];
    for (let at = 0; at < size; at += 1) values.push(this.value(depth + 1));
    return values;
  }

  #map(depth: number): { [key: string]: MessagePackValue } {
    const size = this.mapSize();
    this.#checkDepth(depth);
    const values: { [key: string]: MessagePackValue } = {};
    for (let at = 0; at < size; at += 1) {
      const key = this.#key();
      const value = this.value(depth + 1);
      // Assigned as usual, this one name would change what kind of object it is.
      if (key === "__proto__") Object.defineProperty(values, key, { value, enumerable: true, configurable: true });
      else values[key] = value;
    }
    return values;
  }

  /** The same few names come again with every record, so that they are made once. */
  #key(): string {
    const head = this.#byteAt(this.offset);
    if (kindOf(head) !== "text") return keyText(this.value(this.#limits.depth));
    const length = this.#bytesLength(this.#take(1));
    const start = this.#take(length);
    if (length === 0 || length > longestCachedKey) return this.#bytes.toString("utf8", start, start + length);
    const slot =
      (length * 61 + (this.#bytes[start] ?? 0) * 31 + (this.#bytes[start + length - 1] ?? 0) * 7) % keyCacheSlots;
    const cached = this.#keys[slot];
    if (cached !== undefined && cached.bytes.length === length && this.#isAt(start, cached.bytes)) return cached.text;
    const bytes = Uint8Array.prototype.slice.call(this.#bytes, start, start + length);
    const text = this.#bytes.toString("utf8", start, start + length);
    this.#keys[slot] = { bytes, text };
    return text;
  }

  #isAt(start: number, bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; at += 1) if (this.#bytes[start + at] !== bytes[at]) return false;
    return true;
  }

  #number(): number | bigint {
    const head = this.#byteAt(this.#take(1));
    if (head < 0x80) return head;
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xcc:
        return this.#byteAt(this.#take(1));
      case 0xcd:
        return this.#bytes.readUInt16BE(this.#take(2));
      case 0xce:
        return this.#bytes.readUInt32BE(this.#take(4));
      case 0xcf:
        return exact(this.#bytes.readBigUInt64BE(this.#take(8)));
      case 0xd0:
        return this.#bytes.readInt8(this.#take(1));
      case 0xd1:
        return this.#bytes.readInt16BE(this.#take(2));
      case 0xd2:
        return this.#bytes.readInt32BE(this.#take(4));
      case 0xd3:
        return exact(this.#bytes.readBigInt64BE(this.#take(8)));
      case 0xca:
        return this.#bytes.readFloatBE(this.#take(4));
      default:
        return this.#bytes.readDoubleBE(this.#take(8));
    }
  }

  #extension(): EventTimeValue | Uint8Array {
    const head = this.#byteAt(this.#take(1));
    const length = head >= 0xd4 ? 1 << (head - 0xd4) : this.#unsignedOf(head - 0xc7);
    const type = this.#bytes.readInt8(this.#take(1));
    const start = this.#take(length);
    if (type === eventTimeExtension && length === 8) {
      return new EventTimeValue(this.#bytes.readUInt32BE(start), this.#bytes.readUInt32BE(start + 4));
    }
    return this.#bytes.subarray(start, start + length);
  }

  #bytesLength(at: number): number {
    const head = this.#byteAt(at);
    if (head >= 0xa0 && head < 0xc0) return head & 0x1f;
    if (head >= 0xd9 && head <= 0xdb) return this.#unsignedOf(head - 0xd9);
    if (head >= 0xc4 && head <= 0xc6) return this.#unsignedOf(head - 0xc4);
    throw new MessagePackError(`${kindOf(head)} where a text was expected`);
  }

  #collectionSize(fix: number, long: number, name: string): number {
    const head = this.#byteAt(this.#take(1));
    if ((head & 0xf0) === fix) return head & 0x0f;
    if (head === long) return this.#bytes.readUInt16BE(this.#take(2));
    if (head === long + 1) return this.#bytes.readUInt32BE(this.#take(4));
    throw new MessagePackError(`${kindOf(head)} where ${name} was expected`);
  }

  #size(size: number, bytesEach: number): number {
    this.#values += size;
    if (this.#values > this.#limits.values) throw new MessagePackError(`more than ${this.#limits.values} values`);
    if (size > this.#limits.elements) throw new MessagePackError(`more than ${this.#limits.elements} entries`);
    if (size * bytesEach > this.#bytes.length - this.offset) throw new MessagePackError("cut off");
    return size;
  }

  /** A length of 1, 2 or 4 bytes, by what was added to the first head of its kind. */
  #unsignedOf(sizeClass: number): number {
    if (sizeClass === 0) return this.#byteAt(this.#take(1));
    return sizeClass === 1 ? this.#bytes.readUInt16BE(this.#take(2)) : this.#bytes.readUInt32BE(this.#take(4));
  }

  #checkDepth(depth: number): void {
    if (depth >= this.#limits.depth) throw new MessagePackError(`nested deeper than ${this.#limits.depth}`);
  }

  #take(bytes: number): number {
    const start = this.offset;
    if (start + bytes > this.#bytes.length) throw new MessagePackError("cut off");
    this.offset = start + bytes;
    return start;
  }

  #byteAt(at: number): number {
    const byte = this.#bytes[at];
    if (byte === undefined) throw new MessagePackError("cut off");
    return byte;
  }
}

/** What a first byte begins. Throws MessagePackError for 0xc1, which begins nothing. Pure. */
export function kindOf(head: number): MessagePackKind {
  if (head < 0x80 || head >= 0xe0) return "number";
  if (head < 0x90) return "map";
  if (head < 0xa0) return "array";
  if (head < 0xc0) return "text";
  if (head === 0xc0) return "nil";
  if (head === 0xc1) throw new MessagePackError("a byte that MessagePack does not have (0xc1)");
  if (head < 0xc4) return "boolean";
  if (head < 0xc7) return "binary";
  if (head < 0xca) return "extension";
  if (head < 0xd4) return "number";
  if (head < 0xd9) return "extension";
  if (head < 0xdc) return "text";
  return head < 0xde ? "array" : "map";
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function keyText(value: MessagePackValue): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (typeof value === "object" && value !== null) throw new MessagePackError("a map's key that is no text");
  return String(value);
}
