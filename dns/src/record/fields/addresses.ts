import { isIPv4, isIPv6 } from "node:net";
import { RecordDataError } from "../record-data-error.ts";
import type { Field } from "./field.ts";

/** Four octets of an address as 192.0.2.1; undefined for anything else, leading zeros included. */
export function parseIpv4(text: string): Buffer | undefined {
  return isIPv4(text) ? Buffer.from(text.split(".").map(Number)) : undefined;
}

/** Sixteen octets of an address in any form of RFC 4291 without a zone; undefined for anything else. */
export function parseIpv6(text: string): Buffer | undefined {
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const v4 = embedded === null ? undefined : parseIpv4(embedded[2] ?? "");
  const plain = v4 === undefined ? text : `${embedded?.[1]}${v4.toString("hex", 0, 2)}:${v4.toString("hex", 2, 4)}`;
  const [head = "", tail] = plain.split("::");
  const words = (part: string) => (part === "" ? [] : part.split(":"));
  const left = words(head);
  const right = tail === undefined ? [] : words(tail);
  const groups = [...left, ...new Array<string>(8 - left.length - right.length).fill("0"), ...right];
  const octets = Buffer.alloc(16);
  for (const [index, group] of groups.entries()) octets.writeUInt16BE(Number.parseInt(group, 16), index * 2);
  return octets;
}

export function formatIpv4(octets: Uint8Array): string {
  return octets.join(".");
}

/** As RFC 5952 has it: lower case, the longest run of zeros (the first of several, at least two) as `::`. */
export function formatIpv6(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(index * 2));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${formatIpv4(octets.subarray(12))}`;
  }
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at += 1) {
    let length = 0;
    while (groups[at + length] === 0) length += 1;
    if (length > best.length) best = { at, length };
  }
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  return best.at < 0 ? hex(groups) : `${hex(groups.slice(0, best.at))}::${hex(groups.slice(best.at + best.length))}`;
}

export function ipv4(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "an IPv4 address such as 192.0.2.1";
      const { text } = tokens.next(label, expected);
      const octets = parseIpv4(text);
      if (octets === undefined)
        throw tokens.refuse(label, text, parseIpv6(text) ? `${expected}; this is for AAAA` : expected);
      out.bytes(octets);
    },
    format: (octets) => formatIpv4(octets.bytes(4)),
    skip: (octets) => void octets.bytes(4),
  };
}

export function ipv6(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "an IPv6 address such as 2001:db8::1";
      const { text } = tokens.next(label, expected);
      const octets = parseIpv6(text);
      if (octets === undefined)
        throw tokens.refuse(label, text, parseIpv4(text) ? `${expected}; this is for A` : expected);
      out.bytes(octets);
    },
    format: (octets) => formatIpv6(octets.bytes(16)),
    skip: (octets) => void octets.bytes(16),
  };
}

/** EUI-48 and EUI-64 (RFC 7043): `00-00-5e-00-53-2a`. */
export function eui(label: string, octetCount: 6 | 8): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = `${octetCount} octets such as 00-00-5e-00-53-2a`;
      const { text } = tokens.next(label, expected);
      if (!new RegExp(`^[0-9a-f]{2}(-[0-9a-f]{2}){${octetCount - 1}}$`, "i").test(text)) {
        throw tokens.refuse(label, text, expected);
      }
      out.bytes(Buffer.from(text.replaceAll("-", ""), "hex"));
    },
    format: (octets) =>
      octets
        .bytes(octetCount)
        .toString("hex")
        .replace(/..(?!$)/g, "$&-"),
    skip: (octets) => void octets.bytes(octetCount),
  };
}

/** Several octets of an address list in SVCB: whole addresses only. */
export function splitAddresses(octets: Buffer, length: 4 | 16): Buffer[] {
  if (octets.length === 0 || octets.length % length !== 0) {
    throw new RecordDataError(`a list of addresses is ${octets.length} octets long; expected a multiple of ${length}`);
  }
  return Array.from({ length: octets.length / length }, (_, index) =>
    octets.subarray(index * length, (index + 1) * length),
  );
}
