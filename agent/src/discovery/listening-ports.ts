import { readFileSync } from "node:fs";

/** A TCP port that something listens on. `host` is where it can be reached from this host. */
export interface ListeningPort {
  readonly port: number;
  readonly host: string;
  /** Only this host itself can reach it. */
  readonly isLoopback: boolean;
}

const LISTEN = "0A";

/** The TCP ports listened on, each once, the widest address first. Throws what the file system says when not even IPv4's can be read. */
export function readListeningPorts(procRoot: string): ListeningPort[] {
  const four = readFileSync(`${procRoot}/net/tcp`, "utf8");
  let six = "";
  try {
    six = readFileSync(`${procRoot}/net/tcp6`, "utf8");
  } catch {
    // A kernel without IPv6 has no such file.
  }
  return listeningPortsIn(four, six);
}

/** The ports in the words of /proc/net/tcp and tcp6 (proc(5)). Pure. */
export function listeningPortsIn(four: string, six: string): ListeningPort[] {
  const ports = new Map<number, ListeningPort>();
  for (const line of `${four}\n${six}`.split("\n")) {
    const [, address, portText, state] =
      /^\s*\d+:\s+([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\s+\S+\s+([0-9A-F]{2})\s/.exec(line) ?? [];
    if (address === undefined || portText === undefined || state !== LISTEN) continue;
    const port = Number.parseInt(portText, 16);
    const found = { port, ...placeOf(address) };
    const known = ports.get(port);
    if (known === undefined || rank(found) < rank(known)) ports.set(port, found);
  }
  return [...ports.values()].sort((a, b) => a.port - b.port);
}

function rank({ host, isLoopback }: ListeningPort): number {
  if (isLoopback) return 2;
  return host === "127.0.0.1" || host === "::1" ? 0 : 1;
}

/** Where an address of /proc/net can be reached: words of 32 bits, each in the machine's (little-endian) order. */
function placeOf(hex: string): Pick<ListeningPort, "host" | "isLoopback"> {
  const bytes = Array.from({ length: hex.length / 8 }, (_, word) => {
    const part = hex.slice(word * 8, word * 8 + 8);
    return [3, 2, 1, 0].map((at) => Number.parseInt(part.slice(at * 2, at * 2 + 2), 16));
  }).flat();
  const isMapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  const own = isMapped ? bytes.slice(12) : bytes;
  if (own.every((byte) => byte === 0)) return { host: "127.0.0.1", isLoopback: false };
  if (own.length === 4) return { host: own.join("."), isLoopback: own[0] === 127 };
  const isLoopback = own.slice(0, 15).every((byte) => byte === 0) && own[15] === 1;
  if (isLoopback) return { host: "::1", isLoopback };
  const groups = Array.from({ length: 8 }, (_, at) => ((own[at * 2] ?? 0) * 256 + (own[at * 2 + 1] ?? 0)).toString(16));
  return { host: groups.join(":"), isLoopback };
}
