import { isIPv4, isIPv6 } from "node:net";
import type { networkInterfaces } from "node:os";

export interface ListenAddress {
  readonly address: string;
  readonly port: number;
}

/** Reads `192.0.2.1:53` or `[2001:db8::1]:53`; undefined where a text is neither. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, v6, v4, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = v6 ?? v4;
  const port = Number(digits);
  if (address === undefined || port > 65_535) return undefined;
  if (v6 === undefined ? !isIPv4(address) : !isIPv6(address)) return undefined;
  return { address, port };
}

/** The address as text, IPv6 in brackets. */
export function formatListenAddress({ address, port }: ListenAddress): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * `0.0.0.0` and `::` as the addresses that the machine has: an answer has to come from the address that was asked, and a UDP socket that is bound to all
 * of them cannot choose. Link-local addresses are left out.
 */
export function expandWildcard(
  listen: ListenAddress,
  interfaces: ReturnType<typeof networkInterfaces>,
): readonly ListenAddress[] {
  const family = listen.address === "0.0.0.0" ? "IPv4" : listen.address === "::" ? "IPv6" : undefined;
  if (family === undefined) return [listen];
  const all = Object.values(interfaces).flatMap((each) => each ?? []);
  const addresses = all.filter((each) => each.family === family && !/^(fe80:|169\.254\.)/i.test(each.address));
  return [...new Set(addresses.map(({ address }) => address))].map((address) => ({ address, port: listen.port }));
}
