import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Cleanup } from "../../support/index.ts";

type Answer = (packet: Buffer) => Buffer | undefined;

async function startDatagramServer(
  cleanup: Cleanup,
  answer: Answer,
  { address: own = "127.0.0.1", port: ownPort = 0 } = {},
): Promise<number> {
  const socket = createSocket("udp4");
  socket.on("message", (packet, { port, address }) => {
    const said = answer(packet);
    if (said !== undefined) socket.send(said, port, address);
  });
  socket.bind(ownPort, own);
  await once(socket, "listening");
  cleanup.after(() => void socket.close());
  return socket.address().port;
}

/** Answers every datagram with `pong`. */
export function startPongServer(cleanup: Cleanup): Promise<number> {
  return startDatagramServer(cleanup, () => Buffer.from("pong"));
}

/** A name server that says 192.0.2.80 to every question for an A record (RFC 1035, section 4). */
export function startNameServer(
  cleanup: Cleanup,
  at?: { readonly address: string; readonly port: number },
): Promise<number> {
  const answerQuestion = (query: Buffer) => {
    let end = 12;
    while ((query[end] ?? 0) !== 0) end += (query[end] ?? 0) + 1;
    const question = query.subarray(12, end + 5);
    const isAddress = query.readUInt16BE(end + 1) === 1;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    // Response, authoritative, recursion as it was asked for and available.
    header.writeUInt16BE(0x8480 | (query.readUInt16BE(2) & 0x0100), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(isAddress ? 1 : 0, 6);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 80]);
    return Buffer.concat([header, question, ...(isAddress ? [answer] : [])]);
  };
  return startDatagramServer(cleanup, answerQuestion, at);
}

const secondsFrom1900To1970 = 2_208_988_800;

/** A time server that is exact (RFC 5905, figure 8); to control messages (RFC 9327) it names one peer, which it follows. */
export function startTimeServer(
  cleanup: Cleanup,
  at?: { readonly address: string; readonly port: number },
): Promise<number> {
  const answerQuery = (query: Buffer) => {
    const mode = (query[0] ?? 0) & 7;
    if (mode === 6) return controlAnswer(query);
    if (mode !== 3) return undefined;
    const answer = Buffer.alloc(48);
    // No leap second, version 4, server; stratum 1; polled every 64 s; precise to a microsecond.
    answer.set([0x24, 1, 6, 0xec]);
    answer.write("LOCL", 12, "latin1");
    query.copy(answer, 24, 40, 48);
    for (const offset of [16, 32, 40]) writeTime(answer, offset);
    return answer;
  };
  return startDatagramServer(cleanup, answerQuery, at);
}

function writeTime(packet: Buffer, offset: number): void {
  const now = Date.now();
  packet.writeUInt32BE(Math.floor(now / 1000) + secondsFrom1900To1970, offset);
  packet.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), offset + 4);
}

const readStatus = 1;
const peerId = 4711;
/** Configured, authentic, reachable, and the one the clock follows. */
const followed = 0x9624;

function controlAnswer(query: Buffer): Buffer {
  const operation = (query[1] ?? 0) & 0x1f;
  const data =
    operation === readStatus
      ? Buffer.from([peerId >> 8, peerId & 0xff, followed >> 8, followed & 0xff])
      : Buffer.from("stratum=2, offset=0.250, jitter=0.125\r\n ");
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 4);
  header.writeUInt8(0x80 | operation, 1);
  query.copy(header, 6, 6, 8);
  header.writeUInt16BE(data.length, 10);
  return Buffer.concat([header, data]);
}
