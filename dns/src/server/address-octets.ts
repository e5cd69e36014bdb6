import { parseIpv4, parseIpv6 } from "../record/index.ts";

const known = new Map<string, Uint8Array>();
const maximumKnown = 4_096;
const mappedPrefix = "::ffff:";

/** An address as sockets tell it, as 4 or 16 octets; IPv4 through an IPv6 socket is IPv4. Those seen lately are remembered. */
export function addressOctets(address: string): Uint8Array {
  const found = known.get(address);
  if (found !== undefined) return found;
  if (known.size >= maximumKnown) known.clear();
  const plain = address.replace(/%.*$/, "");
  const v4 = plain.startsWith(mappedPrefix) ? plain.slice(mappedPrefix.length) : plain;
  const octets = parseIpv4(v4) ?? parseIpv6(plain) ?? new Uint8Array(4);
  known.set(address, octets);
  return octets;
}
