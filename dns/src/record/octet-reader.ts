import { type DomainName, maximumNameOctets } from "../name/index.ts";
import { RecordDataError } from "./record-data-error.ts";

/** The two upper bits of an octet that begins a pointer. */
const pointerMark = 0xc0;
const tooLong = `a name has more than ${maximumNameOctets} octets`;

/** Octets read from the front; throws RecordDataError where there are not enough. */
export class OctetReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;
  readonly #isMessage: boolean;

  /** `form`: in a message, names may be compressed (RFC 1035 §4.1.4). */
  constructor(bytes: Buffer, at = 0, end = bytes.length, form: "record data" | "message" = "record data") {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
    this.#isMessage = form === "message";
  }

  get left(): number {
    return this.#end - this.#at;
  }

  get at(): number {
    return this.#at;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  u16(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  u48(): number {
    return this.#bytes.readUIntBE(this.#take(6), 6);
  }

  bytes(count: number): Buffer {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  rest(): Buffer {
    return this.bytes(this.left);
  }

  /** A name; in record data by itself none is compressed. */
  name(): DomainName {
    const start = this.#at;
    for (;;) {
      const length = this.u8();
      if (length === 0) break;
      if (length > 63) {
        if (!this.#isMessage || length < pointerMark) {
          throw new RecordDataError("a name has a label of more than 63 octets, or is compressed where it must not be");
        }
        const target = (length - pointerMark) * 256 + this.u8();
        const labels = this.#bytes.toString("latin1", start, this.#at - 2);
        return this.#follow(labels, target, start);
      }
      this.#take(length);
      if (this.#at - start >= maximumNameOctets) throw new RecordDataError(tooLong);
    }
    return this.#bytes.toString("latin1", start, this.#at) as DomainName;
  }

  /**
   * The rest of a compressed name. Each pointer leads further back than where the one before led, so that no message makes us go in circles, and
   * the length of a name bounds the labels.
   */
  #follow(labels: string, pointer: number, from: number): DomainName {
    let name = labels;
    let before = from;
    let at = pointer;
    for (;;) {
      if (at >= before) throw new RecordDataError("a compressed name points forward or at itself");
      before = at;
      for (;;) {
        const length = at < this.#end ? this.#bytes.readUInt8(at) : 64;
        if (length >= pointerMark && at + 1 < this.#end) {
          at = (length - pointerMark) * 256 + this.#bytes.readUInt8(at + 1);
          break;
        }
        if (length > 63 || at + length >= this.#end) throw new RecordDataError("a compressed name points at no name");
        name += this.#bytes.toString("latin1", at, at + 1 + length);
        if (name.length > maximumNameOctets) throw new RecordDataError(tooLong);
        if (length === 0) return name as DomainName;
        at += 1 + length;
      }
    }
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#end)
      throw new RecordDataError(`the record's data ends ${at + count - this.#end} octets early`);
    this.#at = at + count;
    return at;
  }
}
