/** A zone of PTR records, by what its name says: the addresses that are in it. */
export interface ReverseZone {
  /** Of addresses: 4 or 6. */
  readonly family: 4 | 6;
  /** The parts that all its addresses begin with: octets of IPv4, nibbles of IPv6. */
  readonly parts: readonly number[];
  /** Of the part after them, from which to which (RFC 2317); null: all. */
  readonly range: readonly [first: number, last: number] | null;
}

/**
 * Reads a zone's name, absolute and in lower case; undefined where it is none of addresses. Classless zones (RFC 2317) are known by their first label:
 * `128/26`, `128-26` and `128-191` are all the last 64 octets but 64. Pure.
 */
export function readReverseZone(name: string): ReverseZone | undefined {
  const ip6 = /^((?:[0-9a-f]\.){0,31})ip6\.arpa\.$/.exec(name);
  if (ip6?.[1] !== undefined) {
    const nibbles = ip6[1].split(".").filter((text) => text !== "");
    return { family: 6, parts: nibbles.map((text) => Number.parseInt(text, 16)).reverse(), range: null };
  }
  const ip4 = /^((?:[^.\\]+\.){0,4})in-addr\.arpa\.$/.exec(name);
  if (ip4?.[1] === undefined) return undefined;
  const labels = ip4[1].split(".").filter((text) => text !== "");
  const [first = ""] = labels;
  const range = labels.length === 4 ? readRange(first) : undefined;
  if (labels.length === 4 && range === undefined) return undefined;
  const parts = (range === undefined ? labels : labels.slice(1)).map(readOctet).reverse();
  if (!parts.every((part) => part !== undefined)) return undefined;
  return { family: 4, parts, range: range ?? null };
}

function readOctet(text: string): number | undefined {
  return /^(0|[1-9]\d{0,2})$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;
}

function readRange(label: string): readonly [number, number] | undefined {
  const match = /^(\d{1,3})([/-])(\d{1,3})$/.exec(label);
  if (match === null) return undefined;
  const [first, second] = [Number(match[1]), Number(match[3])];
  const size = 2 ** (32 - second);
  const byLength = second >= 25 && second <= 32 && first % size === 0 && first < 256 ? first + size - 1 : undefined;
  const isRange = match[2] === "-" && second >= first && second <= 255;
  // `0-31` may be 32 addresses or the two of 0/31: as a range it is a whole block, and nobody delegates two addresses.
  const count = second - first + 1;
  const isBlock = isRange && Number.isInteger(Math.log2(count)) && first % count === 0;
  if (byLength !== undefined && !isBlock) return [first, byLength];
  return isRange ? [first, second] : undefined;
}

/** The owner name of an address relative to a zone; undefined where the zone does not have it. Pure. */
export function ownerOf(address: Uint8Array, zone: ReverseZone): string | undefined {
  if ((address.length === 4 ? 4 : 6) !== zone.family) return undefined;
  const parts = zone.family === 4 ? [...address] : [...address].flatMap((octet) => [octet >> 4, octet & 15]);
  if (!zone.parts.every((part, at) => part === parts[at])) return undefined;
  const own = parts.slice(zone.parts.length);
  const [next = -1] = own;
  if (zone.range !== null && (next < zone.range[0] || next > zone.range[1])) return undefined;
  return own
    .reverse()
    .map((part) => part.toString(zone.family === 4 ? 10 : 16))
    .join(".");
}

/** How many bits of an address a zone says, for choosing the closest. Pure. */
export function lengthOf({ family, parts, range }: ReverseZone): number {
  const bits = parts.length * (family === 4 ? 8 : 4);
  return range === null ? bits : bits + 8 - Math.log2(range[1] - range[0] + 1);
}
