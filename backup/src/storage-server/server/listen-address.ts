import { InputError } from "../../error/index.ts";

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads HOST:PORT or [IPv6]:PORT. Throws InputError. Pure. */
export function parseListen(text: string): ListenAddress {
  const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:\s]*)):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535)
    throw new InputError(`listen is "${text}"; write it as HOST:PORT, e.g. 127.0.0.1:8081 or [::]:8081`);
  return { host: bracketed ?? plain ?? "", port: Number(port) };
}

/** Whether an address is this machine's own. Pure. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** An address as it stands in a URL. Pure. */
export function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
