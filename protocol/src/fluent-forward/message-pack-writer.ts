import { type EventTime, eventTimeExtension } from "./event-time.ts";

/** Texts of fewer letters have a header of one byte when they are ASCII. */
const shortText = 32;

/**
 * Writes MessagePack into one buffer that grows and is used again: no object for each value, so that agents spend their time elsewhere.
 *
 * @example
 * const writer = new MessagePackWriter();
 * writer.map(1);
 * writer.text("message");
 * writer.text("it started");
 * socket.write(writer.take());
 */
export class MessagePackWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(initialBytes = 65_536) {
    this.#bytes = Buffer.allocUnsafe(initialBytes);
  }

  /** Bytes written since the last `take` or `clear`. */
  get length(): number {
    return this.#length;
  }

  /** A copy of what was written; the writer is empty then. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  /** What was written, valid until the next write. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Forgets what was written after it was so long: a value that turned out not to be wanted. */
  truncate(length: number): void {
    if (length < this.#length) this.#length = length;
  }

  nil(): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = 0xc0;
  }

  boolean(value: boolean): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value ? 0xc3 : 0xc2;
  }

  /** Integers that are exact as such, everything else as a double. */
  number(value: number): void {
    this.#reserve(9);
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.#bytes[this.#length] = 0xcb;
      this.#length = this.#bytes.writeDoubleBE(value, this.#length + 1);
    } else if (value >= 0) this.#unsigned(value);
    else this.#negative(value);
  }

  text(value: string): void {
    // A letter has at most 3 bytes for each UTF-16 unit, so the header's size is known before the text is written. It may be larger than it had to be.
    const most = value.length * 3;
    this.#reserve(most + 5);
    if (value.length < shortText && this.#shortAscii(value)) return;
    const headBytes = most < 32 ? 1 : most < 256 ? 2 : most < 65_536 ? 3 : 5;
    const written = this.#bytes.write(value, this.#length + headBytes, "utf8");
    this.#head(headBytes, written, 0xa0, 0xd9);
    this.#length += headBytes + written;
  }

  binary(value: Uint8Array): void {
    this.#reserve(value.length + 5);
    const headBytes = value.length < 256 ? 2 : value.length < 65_536 ? 3 : 5;
    this.#head(headBytes, value.length, 0, 0xc4);
    this.#bytes.set(value, this.#length + headBytes);
    this.#length += headBytes + value.length;
  }

  /** `size` values follow. */
  array(size: number): void {
    this.#collection(size, 0x90, 0xdc);
  }

  /** `size` keys follow, each with its value. */
  map(size: number): void {
    this.#collection(size, 0x80, 0xde);
  }

  eventTime({ seconds, nanoseconds }: EventTime): void {
    this.#reserve(10);
    this.#bytes[this.#length++] = 0xd7;
    this.#bytes[this.#length++] = eventTimeExtension;
    this.#length = this.#bytes.writeUInt32BE(seconds, this.#length);
    this.#length = this.#bytes.writeUInt32BE(nanoseconds, this.#length);
  }

  /** MessagePack that was written before. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    const to = this.#bytes;
    const start = this.#length;
    if (bytes.length > shortText) to.set(bytes, start);
    else for (let at = 0; at < bytes.length; at++) to[start + at] = bytes[at] ?? 0;
    this.#length += bytes.length;
  }

  /** Letter by letter, which is quicker for a few of them than to ask for it to be done; false, and nothing is written, for other than ASCII. */
  #shortAscii(value: string): boolean {
    const to = this.#bytes;
    const start = this.#length + 1;
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code > 0x7f) return false;
      to[start + at] = code;
    }
    to[start - 1] = 0xa0 | value.length;
    this.#length = start + value.length;
    return true;
  }

  /** Not moving on: the length may only be known after what follows the header. */
  #head(headBytes: number, length: number, fix: number, long: number): void {
    if (headBytes === 1) this.#bytes[this.#length] = fix | length;
    else if (headBytes === 2) {
      this.#bytes[this.#length] = long;
      this.#bytes[this.#length + 1] = length;
    } else if (headBytes === 3) {
      this.#bytes[this.#length] = long + 1;
      this.#bytes.writeUInt16BE(length, this.#length + 1);
    } else {
      this.#bytes[this.#length] = long + 2;
      this.#bytes.writeUInt32BE(length, this.#length + 1);
    }
  }

  #collection(size: number, fix: number, long: number): void {
    this.#reserve(5);
    if (size < 16) this.#bytes[this.#length++] = fix | size;
    else if (size < 65_536) {
      this.#bytes[this.#length] = long;
      this.#length = this.#bytes.writeUInt16BE(size, this.#length + 1);
    } else {
      this.#bytes[this.#length] = long + 1;
      this.#length = this.#bytes.writeUInt32BE(size, this.#length + 1);
    }
  }

  #unsigned(value: number): void {
    if (value < 0x80) this.#bytes[this.#length++] = value;
    else if (value < 0x100) {
      this.#bytes[this.#length++] = 0xcc;
      this.#bytes[this.#length++] = value;
    } else if (value < 0x1_0000) {
      this.#bytes[this.#length] = 0xcd;
      this.#length = this.#bytes.writeUInt16BE(value, this.#length + 1);
    } else if (value < 0x1_0000_0000) {
      this.#bytes[this.#length] = 0xce;
      this.#length = this.#bytes.writeUInt32BE(value, this.#length + 1);
    } else {
      this.#bytes[this.#length] = 0xcf;
      this.#length = this.#bytes.writeBigUInt64BE(BigInt(value), this.#length + 1);
    }
  }

  #negative(value: number): void {
    if (value >= -0x20) this.#bytes[this.#length++] = value & 0xff;
    else if (value >= -0x80) {
      this.#bytes[this.#length] = 0xd0;
      this.#length = this.#bytes.writeInt8(value, this.#length + 1);
    } else if (value >= -0x8000) {
      this.#bytes[this.#length] = 0xd1;
      this.#length = this.#bytes.writeInt16BE(value, this.#length + 1);
    } else if (value >= -0x8000_0000) {
      this.#bytes[this.#length] = 0xd2;
      this.#length = this.#bytes.writeInt32BE(value, this.#length + 1);
    } else {
      this.#bytes[this.#length] = 0xd3;
      this.#length = this.#bytes.writeBigInt64BE(BigInt(value), this.#length + 1);
    }
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
