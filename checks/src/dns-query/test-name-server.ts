import { createSocket } from "node:dgram";
import { encodeName } from "./domain-name.ts";

/** For tests: one record of an answer: its owner, type and data. */
export interface TestRecord {
  readonly name: string;
  readonly type: number;
  readonly data: Buffer;
}

/** For tests: what is answered to one question; undefined for nothing. */
export interface TestAnswer {
  readonly code?: number;
  readonly isAuthoritative?: boolean;
  readonly answers?: readonly TestRecord[];
  readonly authority?: readonly TestRecord[];
  readonly additional?: readonly TestRecord[];
}

/** For tests: names and numbers as data. */
export const data = {
  soa: (serial: number) => {
    const times = Buffer.alloc(20);
    times.writeUInt32BE(serial, 0);
    times.writeUInt32BE(86_400, 12);
    return Buffer.concat([name("ns1.example.org"), name("admin.example.org"), times]);
  },
  name,
  address: (text: string) => Buffer.from(text.split(".").map(Number)),
  signature: (covered: number, expiration: number) => {
    const fixed = Buffer.alloc(18);
    fixed.writeUInt16BE(covered, 0);
    fixed.writeUInt32BE(expiration, 8);
    return Buffer.concat([fixed, name("example.org"), Buffer.alloc(64)]);
  },
};

function name(text: string): Buffer {
  return encodeName(text) ?? Buffer.alloc(0);
}

/** For tests: answers on a port of 127.0.0.1, by UDP, until disposed. What is sent before each answer is rubbish of a forger. */
export async function startTestNameServer(
  answer: (name: string, type: number) => TestAnswer | undefined,
): Promise<{ readonly port: number; [Symbol.dispose](): void }> {
  const server = createSocket("udp4");
  server.on("message", (query, from) => {
    let at = 12;
    const labels: string[] = [];
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString("latin1", at + 1, at + 1 + length));
      at += length + 1;
    }
    const given = answer(labels.join("."), query.readUInt16BE(at + 1));
    if (given === undefined) return;
    const { code = 0, isAuthoritative = true, answers = [], authority = [], additional = [] } = given;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE((isAuthoritative ? 0x8400 : 0x8000) | code, 2);
    header.writeUInt16BE(1, 4);
    for (const [index, section] of [answers, authority, additional].entries()) {
      header.writeUInt16BE(section.length, 6 + index * 2);
    }
    const records = [...answers, ...authority, ...additional].map((record) => {
      const fixed = Buffer.from([0, 0, 0, 1, 0, 0, 0, 60, 0, record.data.length]);
      fixed.writeUInt16BE(record.type, 0);
      return Buffer.concat([name(record.name), fixed, record.data]);
    });
    const whole = Buffer.concat([header, query.subarray(12, at + 5), ...records]);
    const forged = Buffer.from(whole);
    forged.writeUInt16BE(forged.readUInt16BE(0) ^ 0xffff, 0);
    for (const packet of [Buffer.from([1, 2, 3]), forged, whole]) server.send(packet, from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  return { port: server.address().port, [Symbol.dispose]: () => server.close() };
}
