import { ADDRCONFIG } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/** A name server as it was named, and one address of it. */
export interface ServerAddress {
  /** For people: `ns1.example.org`, or the address itself. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Reads `HOST`, `HOST:PORT`, `ADDRESS` or `[ADDRESS]:PORT`; undefined for what is none of them. Pure. */
export function parseServer(
  text: string,
  defaultPort: number,
): { readonly host: string; readonly port: number } | undefined {
  if (isIP(text) !== 0) return { host: text, port: defaultPort };
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  return host === undefined || host.startsWith("-") || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** Every address of a server that this machine has a network for. Rejects with the system's error where the name has none. */
export async function findServerAddresses(host: string, port: number, family: 0 | 4 | 6): Promise<ServerAddress[]> {
  if (isIP(host) !== 0) return [{ name: host, address: host, port }];
  const found = await lookup(host, { all: true, family, hints: ADDRCONFIG });
  return found.map(({ address }) => ({ name: host, address, port }));
}

/** `ns1.example.org (192.0.2.53)`, `192.0.2.53`, `[2001:db8::53]:5353`. */
export function describeServer({ name, address, port }: ServerAddress): string {
  const place = port === 53 ? address : isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
  return name === address ? place : `${name} (${place})`;
}
