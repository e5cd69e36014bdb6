import type { ByteString } from "../../byte-string/index.ts";
import { dayOfDate } from "../../tree/instant.ts";

const quote = 0x22;
const comma = 0x2c;
const point = 0x2e;
const zero = 0x30;
const backslash = 0x5c;
const closingBracket = 0x5d;
const closingBrace = 0x7d;

const start = Buffer.from('{"nodes":[');
const nameStart = Buffer.from('{"name":"');

/**
 * The JSON of a tree as this program writes it, gone through node by node in place: each `take` says whether the text has that next, and goes
 * on if so. Text of another form is no fault, it is only not matched; `decodeTree` knows every form.
 */
export class TreeText {
  readonly bytes: Uint8Array;
  /** Where the next byte is. */
  at = 0;
  /** Where the last node that was gone to begins. */
  nodeAt = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Goes to the first node. */
  takeStart(): boolean {
    return this.take(start);
  }

  /** Goes to the next node. */
  takeSeparator(): boolean {
    const isThere = this.at === start.length || this.takeByte(comma);
    this.nodeAt = this.at;
    return isThere;
  }

  get isAtEnd(): boolean {
    return this.bytes[this.at] === closingBracket;
  }

  take(literal: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return false;
    this.at = at + literal.length;
    return true;
  }

  /** The beginning of a node of that name. Names that are written with escapes are not matched. */
  takeName(name: ByteString): boolean {
    if (!this.take(nameStart)) return false;
    const { bytes, at } = this;
    for (let i = 0; i < name.length; i++) {
      const byte = name.charCodeAt(i);
      if (bytes[at + i] !== byte || byte < 0x20 || byte === quote || byte === backslash) return false;
    }
    this.at = at + name.length;
    return this.takeByte(quote);
  }

  /** A whole number, 0..2^53 - 1. */
  takeNumber(value: number): boolean {
    const { bytes } = this;
    let at = this.at;
    let number = 0;
    for (; ; at++) {
      const digit = (bytes[at] ?? 0) - zero;
      if (!(digit >= 0 && digit <= 9)) break;
      number = number * 10 + digit;
    }
    if (number !== value || at === this.at) return false;
    this.at = at;
    return true;
  }

  /** An instant in UTC and the quote behind it. */
  takeInstant(seconds: number, nanoseconds: number): boolean {
    const { bytes, at } = this;
    const day = dayOfDate(this.#two(at) * 100 + this.#two(at + 2), this.#two(at + 5), this.#two(at + 8));
    const secondOfDay = this.#two(at + 11) * 3600 + this.#two(at + 14) * 60 + this.#two(at + 17);
    if (day * 86_400 + secondOfDay !== seconds) return false;
    let end = at + 19;
    let fraction = 0;
    if (bytes[end] === point) {
      end += 1;
      for (let unit = 100_000_000; ; unit /= 10, end++) {
        const digit = (bytes[end] ?? 0) - zero;
        if (!(digit >= 0 && digit <= 9)) break;
        fraction += digit * unit;
      }
    }
    if (fraction !== nanoseconds || bytes[end] !== 0x5a || bytes[end + 1] !== quote) return false;
    this.at = end + 2;
    return true;
  }

  /** Goes past a value of any kind. Strings are looked through only for their end. */
  skipValue(): void {
    const { bytes } = this;
    let depth = 0;
    let at = this.at;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === quote) {
        at += 1;
        while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
      } else if (byte === 0x7b || byte === 0x5b) {
        depth += 1;
      } else if (byte === closingBrace || byte === closingBracket) {
        if (depth === 0) break;
        depth -= 1;
      } else if (byte === comma && depth === 0) break;
    }
    this.at = at;
  }

  takeByte(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at += 1;
    return true;
  }

  #two(at: number): number {
    return ((this.bytes[at] ?? 0) - zero) * 10 + (this.bytes[at + 1] ?? 0) - zero;
  }
}
