import { connect, type Socket } from "node:net";
import { z } from "zod";
import { type ObservedState, stateOf } from "./observed-state.ts";

/** Where a Livestatus listens. */
export type LivestatusAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

const maximumBytes = 512 * 1024 * 1024;
const idleMs = 30_000;

/** Reads `HOST:PORT`, `[IPv6]:PORT` or the path of a socket. Null when it is neither. Pure. */
export function parseLivestatusAddress(text: string): LivestatusAddress | null {
  if (text.startsWith("/") || text.startsWith(".")) return { kind: "unix", path: text };
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  const host = bracketed ?? plain;
  return host !== undefined && number >= 1 && number <= 65_535 ? { kind: "tcp", host, port: number } : null;
}

const columns = "state has_been_checked state_type acknowledged scheduled_downtime_depth is_flapping";
// icinga2 says true and false where others say 1 and 0.
const Flag = z.union([z.number(), z.boolean()]).transform(Number);
const Row = z.tuple([z.number(), Flag, z.number(), Flag, z.number(), Flag]);
const HostRows = z.array(z.tuple([z.string()]).rest(z.unknown()));
const ServiceRows = z.array(z.tuple([z.string(), z.string()]).rest(z.unknown()));

/** Asks a Livestatus for the state of every host and service. Throws when it cannot be reached or understood. */
export async function readLivestatus(address: LivestatusAddress, signal: AbortSignal): Promise<ObservedState[]> {
  const hosts = HostRows.parse(await ask(address, `GET hosts\nColumns: name ${columns}`, signal));
  const services = ServiceRows.parse(
    await ask(address, `GET services\nColumns: host_name description ${columns}`, signal),
  );
  return [
    ...hosts.map(([host, ...rest]) => stateFrom(host, null, rest)),
    ...services.map(([host, service, ...rest]) => stateFrom(host, service, rest)),
  ];
}

function stateFrom(host: string, service: string | null, rest: readonly unknown[]): ObservedState {
  const [code, checked, type, acknowledged, depth, flapping] = Row.parse(rest);
  const hasBeenChecked = checked !== 0;
  return {
    host,
    service,
    state: stateOf(service === null, code, hasBeenChecked),
    stateType: type === 0 && hasBeenChecked ? "SOFT" : "HARD",
    isAcknowledged: acknowledged !== 0,
    isInDowntime: depth > 0,
    isFlapping: flapping !== 0,
  };
}

async function ask(address: LivestatusAddress, query: string, signal: AbortSignal): Promise<unknown> {
  const socket = address.kind === "unix" ? connect(address.path) : connect(address.port, address.host);
  const stop = () => socket.destroy(new Error("interrupted"));
  signal.addEventListener("abort", stop, { once: true });
  try {
    socket.setTimeout(idleMs, () => socket.destroy(new Error(`said nothing for ${idleMs / 1000} s`)));
    socket.write(`${query}\nOutputFormat: json\nColumnHeaders: off\nResponseHeader: fixed16\n\n`);
    return parseAnswer(await readToEnd(socket));
  } finally {
    signal.removeEventListener("abort", stop);
    socket.destroy();
  }
}

/** Reads a fixed16 answer: its own length says where it ends, for servers that keep the connection. */
async function readToEnd(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  let expected = Number.POSITIVE_INFINITY;
  for await (const chunk of socket) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    length += chunk.length;
    if (length > maximumBytes) throw new Error(`answered more than ${maximumBytes} bytes`);
    if (expected === Number.POSITIVE_INFINITY && length >= 16) {
      const size = Number(Buffer.concat(chunks).toString("latin1", 4, 15));
      if (Number.isInteger(size)) expected = 16 + size;
    }
    if (length >= expected) break;
  }
  return Buffer.concat(chunks);
}

function parseAnswer(answer: Buffer): unknown {
  const code = answer.toString("latin1", 0, 3);
  const body = answer.toString("utf8", 16);
  if (!/^\d{3}$/.test(code)) throw new Error("answered no fixed16 header; is it a Livestatus?");
  if (code !== "200") throw new Error(`refused the query: ${code} ${body.slice(0, 200).trim()}`);
  return JSON.parse(body === "" ? "[]" : body);
}
