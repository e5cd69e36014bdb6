import { createSocket } from "node:dgram";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";

/** One exchange with a time server, in seconds. `offset` is server minus host: positive where this host is behind. */
export interface TimeSample {
  readonly offsetSeconds: number;
  readonly delaySeconds: number;
  readonly stratum: number;
}

export interface TimeServer {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
}

const PACKET_BYTES = 48;
/** Leap "not in warning", version 4, mode 3 (client): RFC 5905 section 7.3. */
const CLIENT_HEADER = 0x23;
const ALARM_LEAP = 3;
const MODE_SERVER = 4;
/** NTP counts from 1900. */
const NTP_TO_UNIX_SECONDS = 2_208_988_800;

/** Asks a time server once (SNTP, RFC 5905). Rejects for an unusable answer, and with StoppedWaiting on abort. */
export function askTime(server: TimeServer, now: () => number, signal: AbortSignal): Promise<TimeSample> {
  const { promise, resolve, reject } = Promise.withResolvers<TimeSample>();
  const socket = createSocket(server.family === 6 ? "udp6" : "udp4");
  const request = Buffer.alloc(PACKET_BYTES);
  request[0] = CLIENT_HEADER;
  let sentAtMs = 0;
  const onAbort = (): void => reject(new StoppedWaiting(`an answer from ${server.host}`));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  socket.once("error", reject);
  socket.on("message", (answer) => {
    const receivedAtMs = now();
    // An answer to somebody else's question, or one forged without seeing ours, does not carry our timestamp.
    if (answer.length < PACKET_BYTES || answer.compare(request, 40, 48, 24, 32) !== 0) return;
    try {
      resolve(readAnswer(answer, sentAtMs / 1_000, receivedAtMs / 1_000));
    } catch (error) {
      reject(error);
    }
  });
  // connect(), so that "port unreachable" comes back as an error instead of silence.
  socket.connect(server.port, server.host, (error?: Error) => {
    if (error) return reject(error);
    sentAtMs = now();
    writeTimestamp(request, 40, sentAtMs / 1_000);
    socket.send(request);
  });
  return promise.finally(() => {
    signal.removeEventListener("abort", onAbort);
    socket.close();
  });
}

function readAnswer(answer: Buffer, sentAt: number, receivedAt: number): TimeSample {
  const first = answer[0] ?? 0;
  const stratum = answer[1] ?? 0;
  if ((first & 7) !== MODE_SERVER) throw new Error("what answers is not a time server");
  if (stratum === 0)
    throw new Error(`server refuses: kiss code ${answer.toString("latin1", 12, 16).replaceAll("\0", "")}`);
  if (first >> 6 === ALARM_LEAP) throw new Error("server says that its own clock is not synchronised");
  const arrivedAt = readTimestamp(answer, 32);
  const answeredAt = readTimestamp(answer, 40);
  return {
    offsetSeconds: (arrivedAt - sentAt + (answeredAt - receivedAt)) / 2,
    delaySeconds: Math.max(0, receivedAt - sentAt - (answeredAt - arrivedAt)),
    stratum,
  };
}

function readTimestamp(packet: Buffer, start: number): number {
  return packet.readUInt32BE(start) - NTP_TO_UNIX_SECONDS + packet.readUInt32BE(start + 4) / 2 ** 32;
}

function writeTimestamp(packet: Buffer, start: number, unixSeconds: number): void {
  const seconds = Math.floor(unixSeconds);
  packet.writeUInt32BE((seconds + NTP_TO_UNIX_SECONDS) >>> 0, start);
  packet.writeUInt32BE(Math.floor((unixSeconds - seconds) * 2 ** 32) >>> 0, start + 4);
}
