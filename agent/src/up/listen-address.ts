import { createServer } from "node:net";
import { CommandError } from "../command-line/index.ts";

/** Where the control plane listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT` (`127.0.0.1:8080`, `[::1]:8080`). Throws CommandError that names where it came from. */
export function parseListenAddress(
  text: string,
  origin: string,
  expected = "HOST:PORT, e.g. 127.0.0.1:8080",
): ListenAddress {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) {
    throw new CommandError("configuration", `${origin} is "${text}"; write ${expected}`);
  }
  return { host, port };
}

/** The address as text, IPv6 in brackets. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Tries to listen there for a moment. Throws CommandError that says why it cannot be, and which flag chooses another. */
export async function checkListenAddress(address: ListenAddress, flag = "--http"): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen({ host: address.host, port: address.port, exclusive: true }, resolve);
    });
  } catch (error) {
    throw explain(formatListenAddress(address), error, flag);
  } finally {
    await new Promise<void>((resolve) => probe.close(() => resolve()));
  }
}

function explain(address: string, error: unknown, flag: string): CommandError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const options = { cause: error };
  const otherwise = `choose another with ${flag} HOST:PORT`;
  if (code === "EADDRINUSE") {
    return new CommandError("addressInUse", `${address} is taken by another program; ${otherwise}`, options);
  }
  if (code === "EACCES") {
    return new CommandError("configuration", `this user may not listen on ${address}; ${otherwise}`, options);
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new CommandError("configuration", `${address} is no address of this machine; ${otherwise}`, options);
  }
  return new CommandError("configuration", `${address} cannot be listened on (${code}); ${otherwise}`, options);
}
