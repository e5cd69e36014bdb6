import { readFile } from "node:fs/promises";
import { isIPv4 } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";
import { join } from "node:path";

/** More than a keepalive takes; a host has a handful. */
const maximumAddresses = 64;

/** Flags of an IPv6 address (linux/if_addr.h): temporary (RFC 8981), deprecated, still being looked at, found to be somebody else's. */
const passingFlags = 0x01 | 0x20 | 0x40 | 0x08;

/**
 * The addresses that others may reach this host by, of interfaces that are up: neither loopback nor link-local ones, and none that pass, as temporary
 * addresses of IPv6 do. IPv4 before IPv6, sorted; at most 64.
 */
export async function collectAddresses(
  procRoot: string,
  readInterfaces: () => NodeJS.Dict<NetworkInterfaceInfo[]>,
): Promise<string[]> {
  const table = await readFile(join(procRoot, "net/if_inet6"), "utf8").catch(() => "");
  return chooseAddresses(readInterfaces(), findPassing(table));
}

/** Pure. `passing`: IPv6 addresses by their 32 hexadecimal digits. */
export function chooseAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
  passing: ReadonlySet<string>,
): string[] {
  const found = new Set<string>();
  for (const { address, internal } of Object.values(interfaces).flatMap((infos) => infos ?? [])) {
    if (internal || isLocal(address)) continue;
    if (!isIPv4(address) && passing.has(hexOf(address))) continue;
    found.add(address);
  }
  const rank = (address: string) => (isIPv4(address) ? 0 : 1);
  return [...found].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).slice(0, maximumAddresses);
}

/** Reads /proc/net/if_inet6: address, index, length of prefix, scope, flags and device, in hexadecimal. Pure. */
export function findPassing(table: string): ReadonlySet<string> {
  const passing = new Set<string>();
  for (const line of table.split("\n")) {
    const [address, , , , flags] = line.trim().split(/\s+/);
    if (address === undefined || flags === undefined) continue;
    if ((Number.parseInt(flags, 16) & passingFlags) !== 0) passing.add(address.toLowerCase());
  }
  return passing;
}

function isLocal(address: string): boolean {
  return isIPv4(address)
    ? /^(0|127|169\.254|22[4-9]|23\d|24\d|25\d)\./.test(address)
    : /^(::1?$|fe[89ab]|ff)/i.test(address) || address.includes("%");
}

function hexOf(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":")).map((group) => group.padStart(4, "0"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0000");
  return [...before, ...zeros, ...after].join("");
}
