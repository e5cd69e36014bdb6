import { createSocket } from "node:dgram";
import type { Socket } from "node:net";
import { formatRfc5424, frameByOctetCount, type StructuredDataElement } from "@mycloud/protocol/syslog";
import type { NewLogRecord } from "../../log-store/index.ts";
import { type AddressGuard, allowedAddresses } from "../../outgoing-request/index.ts";
import { connectTarget } from "./connect-target.ts";
import type { LogTarget } from "./log-target.ts";

interface SyslogOptions {
  readonly transport: "udp" | "tcp" | "tls";
  readonly host: string;
  readonly port: number;
  readonly ca: string | null;
}

const drainMs = 60_000;

/** Sends messages of RFC 5424: counted over TCP and TLS, one a datagram over UDP. Nothing is acknowledged: what the connection loses is lost. */
export function createSyslogTarget(options: SyslogOptions, guard: AddressGuard): LogTarget {
  return options.transport === "udp" ? overUdp(options, guard) : overStream(options, guard);
}

function overStream({ transport, host, port, ca }: SyslogOptions, guard: AddressGuard): LogTarget {
  const address = { host, port, tls: transport === "tls" ? { ca, serverName: null } : null };
  let socket: Socket | null = null;
  return {
    async send(records, _id, signal) {
      try {
        if (socket === null || socket.destroyed || socket.readableEnded) {
          socket = await connectTarget(address, guard);
          // Nobody says anything, but that it ends is heard by reading.
          socket.resume();
        }
        await write(socket, Buffer.from(records.map((record) => frameByOctetCount(syslogOf(record))).join("")), signal);
      } catch (error) {
        socket?.destroy();
        socket = null;
        throw error;
      }
    },
    close: () => void socket?.end(),
  };
}

async function write(socket: Socket, bytes: Buffer, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const end = (error?: Error | null) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      socket.off("close", onClose);
      if (error == null) resolve();
      else reject(error);
    };
    const onClose = () => end(new Error("the connection was closed"));
    const onAbort = () => end(new Error("stopped"));
    const timer = setTimeout(() => end(new Error(`it read nothing for ${drainMs / 1000} s`)), drainMs);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("close", onClose);
    socket.write(bytes, end);
  });
}

function overUdp({ host, port }: SyslogOptions, guard: AddressGuard): LogTarget {
  return {
    async send(records) {
      const [address = host] = await allowedAddresses(host, guard);
      const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
      socket.on("error", () => undefined);
      try {
        for (const record of records) {
          // What is larger than a datagram is cut: nothing larger can be sent.
          const bytes = Buffer.from(syslogOf(record)).subarray(0, maximumDatagramBytes);
          await new Promise<void>((resolve, reject) => {
            socket.send(bytes, port, address, (error) => (error === null ? resolve() : reject(error)));
          });
        }
      } finally {
        socket.close();
      }
    },
    close: () => undefined,
  };
}

const maximumDatagramBytes = 65_000;
/** The number that RFC 5612 keeps for examples and the like: we have none of our own. */
const ownElement = "fields@32473";

/** A record as a message of RFC 5424: what came as structured data goes as such, other fields in an element of ours. Pure. */
export function syslogOf(record: NewLogRecord): string {
  const { procid, msgid, ...fields } = record.fields;
  const elements = new Map<string, [string, string][]>();
  for (const [name, value] of Object.entries(fields)) {
    const [, id = ownElement, rest = name] = /^([^.\s]{1,32}@[\d.]{1,20}\d)\.(.+)$/.exec(name) ?? [];
    elements.set(id, [...(elements.get(id) ?? []), [rest, String(value)]]);
  }
  const structuredData: StructuredDataElement[] = [...elements].map(([id, params]) => ({ id, params }));
  return formatRfc5424({
    facility: record.facility,
    severity: record.severity,
    timeUs: record.timeUs,
    hostName: record.host,
    appName: record.service,
    procId: procid === undefined ? null : String(procid),
    msgId: msgid === undefined ? null : String(msgid),
    structuredData,
    // A counted message may have line ends, a datagram as well.
    message: record.message,
  });
}
