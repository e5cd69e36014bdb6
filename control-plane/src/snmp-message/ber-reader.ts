/** What came is no message of SNMP, or one that breaks its rules. */
export class SnmpMessageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SnmpMessageError";
  }
}

export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** Where its content begins in the message. */
  readonly start: number;
}

const mostOidNumbers = 128;

/** Reads elements of the Basic Encoding Rules one after the other, as RFC 3417 §8 restricts them. Every method throws SnmpMessageError. */
export class BerReader {
  readonly #bytes: Buffer;
  readonly #base: number;
  #at = 0;

  /** `base`: where `bytes` begin in the message. */
  constructor(bytes: Buffer, base = 0) {
    this.#bytes = bytes;
    this.#base = base;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): Element {
    const tag = this.#octet();
    const length = this.#length();
    const from = this.#at;
    if (length > this.#bytes.length - from) throw new SnmpMessageError("an element is longer than what contains it");
    this.#at = from + length;
    return { tag, content: this.#bytes.subarray(from, from + length), start: this.#base + from };
  }

  expect(tag: number): Element {
    const element = this.next();
    if (element.tag === tag) return element;
    throw new SnmpMessageError(`an element has tag ${element.tag} where ${tag} is expected`);
  }

  enter(tag: number): BerReader {
    const { content, start } = this.expect(tag);
    return new BerReader(content, start);
  }

  integer(): number {
    return Number(signedOf(this.expect(0x02).content));
  }

  octets(): Buffer {
    return this.expect(0x04).content;
  }

  #octet(): number {
    const octet = this.#bytes[this.#at];
    if (octet === undefined) throw new SnmpMessageError("the message ends in the middle");
    this.#at += 1;
    return octet;
  }

  #length(): number {
    const first = this.#octet();
    if (first < 0x80) return first;
    const octets = first & 0x7f;
    // Without a length (0x80) is not allowed; more than four octets would be no datagram.
    if (octets === 0 || octets > 4) throw new SnmpMessageError("the length of an element cannot be");
    let length = 0;
    for (let left = octets; left > 0; left -= 1) length = length * 256 + this.#octet();
    return length;
  }
}

/** A two's complement number of up to nine octets (64 bits, and a zero before). Throws SnmpMessageError. */
export function signedOf(content: Buffer): bigint {
  if (content.length === 0 || content.length > 9) throw new SnmpMessageError("a number has no octets, or too many");
  const bits = content.length * 8;
  return BigInt.asIntN(bits, BigInt(`0x${content.toString("hex")}`));
}

/** Throws SnmpMessageError. */
export function oidOf(content: Buffer): string {
  const numbers: number[] = [];
  let number = 0;
  for (const octet of content) {
    number = number * 128 + (octet & 0x7f);
    if (number > 0xffff_ffff) throw new SnmpMessageError("an OID has a number of more than 32 bits");
    if (octet >= 0x80) continue;
    if (numbers.length === 0) {
      const first = Math.min(Math.floor(number / 40), 2);
      numbers.push(first, number - first * 40);
    } else numbers.push(number);
    number = 0;
    if (numbers.length > mostOidNumbers) throw new SnmpMessageError("an OID has more than 128 numbers");
  }
  const last = content.at(-1);
  if (last === undefined || last >= 0x80) throw new SnmpMessageError("an OID ends in the middle");
  return numbers.join(".");
}
