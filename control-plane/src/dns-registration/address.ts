import { PrefixSet } from "@mycloud/dns/access";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "@mycloud/dns/record";

/** An address as octets, 4 or 16 of them, and as records have it. */
export interface Address {
  readonly octets: Buffer;
  readonly text: string;
}

/** Addresses that mean something on one host or one network only, or nobody: never in a zone, whatever a registration allows. */
const unreachable = new PrefixSet([
  ...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"],
  ...["::/128", "::1/128", "::ffff:0:0/96", "fe80::/10", "ff00::/8"],
]);

/** Undefined for what is no address, and for those that are never registered. Pure. */
export function readAddress(text: string): Address | undefined {
  const octets = parseIpv4(text) ?? parseIpv6(text);
  if (octets === undefined || unreachable.has(octets)) return undefined;
  return { octets, text: octets.length === 4 ? formatIpv4(octets) : formatIpv6(octets) };
}
