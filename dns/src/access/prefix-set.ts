import { parseIpv4, parseIpv6 } from "../record/index.ts";

/** A text that is no address or prefix; the message says what it is. */
export class PrefixError extends Error {
  override readonly name = "PrefixError";
}

/** Prefixes of addresses. A question costs one look for each length of prefix that there is, however many prefixes there are. */
export class PrefixSet {
  readonly #v4 = new Map<number, Set<string>>();
  readonly #v6 = new Map<number, Set<string>>();

  /** `192.0.2.0/24`, `2001:db8::/32`, or an address. What is set behind the prefix's length does not matter. Throws PrefixError. */
  constructor(prefixes: Iterable<string>) {
    for (const text of prefixes) {
      const [addressText = "", lengthText] = text.split("/");
      const octets = parseIpv4(addressText) ?? parseIpv6(addressText);
      const bits = lengthText === undefined ? (octets?.length ?? 0) * 8 : Number(lengthText);
      if (octets === undefined || !Number.isInteger(bits) || bits < 0 || bits > octets.length * 8) {
        throw new PrefixError(`${JSON.stringify(text)} is no address or prefix, such as 192.0.2.0/24`);
      }
      const byLength = octets.length === 4 ? this.#v4 : this.#v6;
      const ofLength = byLength.get(bits) ?? new Set();
      byLength.set(bits, ofLength.add(maskedKey(octets, bits)));
    }
  }

  /** Whether an address, of 4 or 16 octets, has one of the prefixes. */
  has(address: Uint8Array): boolean {
    for (const [bits, keys] of address.length === 4 ? this.#v4 : this.#v6) {
      if (bits === 0 || keys.has(maskedKey(address, bits))) return true;
    }
    return false;
  }

  /** Whether it has every address there is. */
  get isEverything(): boolean {
    return this.#v4.has(0) && this.#v6.has(0);
  }
}

function maskedKey(octets: Uint8Array, bits: number): string {
  let key = "";
  for (let at = 0; at * 8 < bits; at += 1) {
    const kept = Math.min(8, bits - at * 8);
    key += String.fromCharCode((octets[at] ?? 0) & (0xff00 >> kept) & 0xff);
  }
  return key;
}
