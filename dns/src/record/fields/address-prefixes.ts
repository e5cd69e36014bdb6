import type { OctetReader } from "../octet-reader.ts";
import { RecordDataError } from "../record-data-error.ts";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "./addresses.ts";
import type { Field } from "./field.ts";

/** Address families by number (IANA): octets of an address, and its two forms. */
const families = new Map([
  [1, { octets: 4, parse: parseIpv4, format: (address: Buffer) => formatIpv4(address) }],
  [2, { octets: 16, parse: parseIpv6, format: formatIpv6 }],
]);

/** Any number of [!]FAMILY:ADDRESS/PREFIX to the end (RFC 3123 §4 and §5): ! negates. Zeros at an address's end are not sent. */
export function addressPrefixes(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "prefixes such as 1:192.0.2.0/24 or !2:2001:db8::/32";
      for (const { text } of tokens.rest(label, expected, false)) {
        const [, negation, family = "", address = "", bits = ""] = /^(!?)(\d):([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
        const known = families.get(Number(family));
        const octets = known?.parse(address);
        if (known === undefined || octets === undefined || Number(bits) > known.octets * 8) {
          throw tokens.refuse(label, text, expected);
        }
        const length = octets.findLastIndex((octet) => octet !== 0) + 1;
        out.u16(Number(family));
        out.u8(Number(bits));
        out.u8((negation === "!" ? 128 : 0) | length);
        out.bytes(octets.subarray(0, length));
      }
    },
    format(octets) {
      const items: string[] = [];
      while (octets.left > 0) {
        const { family, bits, isNegated, part } = readItem(octets);
        const known = families.get(family);
        if (known === undefined || bits > known.octets * 8 || part.length > known.octets || part.at(-1) === 0) {
          throw new RecordDataError(`${label}: a prefix of family ${family} cannot be written`);
        }
        const address = Buffer.concat([part, Buffer.alloc(known.octets - part.length)]);
        items.push(`${isNegated ? "!" : ""}${family}:${known.format(address)}/${bits}`);
      }
      return items.join(" ");
    },
    skip(octets) {
      while (octets.left > 0) readItem(octets);
    },
  };
}

/** Families that we do not know are passed on as they are. */
function readItem(octets: OctetReader) {
  const family = octets.u16();
  const bits = octets.u8();
  const mark = octets.u8();
  const part = octets.bytes(mark & 127);
  return { family, bits, isNegated: mark >= 128, part };
}
