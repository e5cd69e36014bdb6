import { type DomainName, maximumNameOctets } from "../name/index.ts";
import { RecordDataError } from "./record-data-error.ts";

/** Octets read from the front; throws RecordDataError where there are not enough. */
export class OctetReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
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

  /** A name that is not compressed. */
  name(): DomainName {
    const start = this.#at;
    for (;;) {
      const length = this.u8();
      if (length === 0) break;
      if (length > 63) throw new RecordDataError("the record's data has a compressed name or a bad label in it");
      this.#take(length);
      if (this.#at - start >= maximumNameOctets) {
        throw new RecordDataError(`the record's data has a name of more than ${maximumNameOctets} octets in it`);
      }
    }
    return this.#bytes.toString("latin1", start, this.#at) as DomainName;
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#end)
      throw new RecordDataError(`the record's data ends ${at + count - this.#end} octets early`);
    this.#at = at + count;
    return at;
  }
}
