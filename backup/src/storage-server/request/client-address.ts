import { BlockList, isIP, isIPv6 } from "node:net";
import { InputError } from "../../error/index.ts";

/** Who stands between us and clients, and is believed about whom it speaks for. */
export interface TrustedProxies {
  has(address: string): boolean;
}

/** Reads addresses (`10.0.0.1`, `::1`) and ranges (`10.0.0.0/8`, `fd00::/8`). Throws InputError that names the faulty one. Pure. */
export function parseTrustedProxies(texts: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const text of texts) {
    const [, address = "", bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    const family = familyOf(address);
    const mostBits = family === "ipv6" ? 128 : 32;
    if (isIP(address) === 0 || Number(bits ?? 0) > mostBits)
      throw new InputError(`a trusted proxy is "${text}"; write an address or a range, e.g. 127.0.0.1 or 10.0.0.0/8`);
    list.addSubnet(address, Number(bits ?? mostBits), family);
  }
  return { has: (address) => isIP(address) !== 0 && list.check(address, familyOf(address)) };
}

/**
 * The address that a request comes from, for limits and the log: that of the connection, or, where a trusted proxy has it, the last one in
 * X-Forwarded-For that is no trusted proxy itself. What stands before that anybody may have written. Pure.
 */
export function clientAddress(
  connected: string,
  forwardedFor: string | readonly string[] | undefined,
  proxies: TrustedProxies,
): string {
  const hops = (Array.isArray(forwardedFor) ? forwardedFor.join() : String(forwardedFor ?? "")).split(",");
  let client = connected;
  while (proxies.has(client)) {
    const previous = addressIn(hops.pop() ?? "");
    if (previous === null) return client;
    client = previous;
  }
  return client;
}

/** The address of a hop, which some proxies write with a port; null for anything else. */
function addressIn(hop: string): string | null {
  const text = hop.trim();
  const [, bracketed, plain] = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::\d{1,5})?$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? text;
  return isIP(address) === 0 ? null : address;
}

const familyOf = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");
