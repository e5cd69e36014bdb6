import { UsageError } from "../plugin/usage-error.ts";

/** A sweep asks no more: larger networks are swept a part at a time. */
const smallestPrefix = 20;

/** The addresses of hosts in an IPv4 network, at most 4,094: without the network's own and the broadcast address. Throws UsageError. Pure. */
export function addressesOf(cidr: string): string[] {
  // Even a /64 has more addresses than anybody can ask, and a device's is not found by guessing.
  if (cidr.includes(":")) {
    throw new UsageError(
      `"${cidr.slice(0, 64)}" is an IPv6 network, which cannot be swept; sweep the devices' IPv4 network, or define them as hosts by their addresses`,
    );
  }
  const [, network = "", prefixText = "32"] = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?$/.exec(cidr.trim()) ?? [];
  const octets = network.split(".").map(Number);
  const prefix = Number(prefixText);
  if (octets.length !== 4 || octets.some((octet) => octet > 255) || prefix > 32) {
    throw new UsageError(`"${cidr.slice(0, 64)}" is no IPv4 network; expected one such as 192.0.2.0/24`);
  }
  if (prefix < smallestPrefix) {
    throw new UsageError(
      `${cidr} holds ${2 ** (32 - prefix)} addresses; a sweep takes networks of /${smallestPrefix} or smaller, one at a time`,
    );
  }
  const size = 2 ** (32 - prefix);
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = address - (address % size);
  const all = Array.from({ length: size }, (_, at) => textOfAddress(first + at));
  return size > 2 ? all.slice(1, -1) : all;
}

function textOfAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
