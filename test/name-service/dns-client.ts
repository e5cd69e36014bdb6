import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { type EdnsOption, MessageWriter } from "../../dns/src/message/index.ts";
import { type DomainName, parseName } from "../../dns/src/name/index.ts";
import { parseRecordType } from "../../dns/src/record/index.ts";
import { FrameReader, frame } from "../../dns/src/server/frame-reader.ts";

/** Where a name server listens; 127.0.0.1 where no address is given. */
export interface ServerPlace {
  readonly address?: string;
  readonly port: number;
}

/** What is asked, and how. */
export interface DnsQuestion {
  readonly name: string | DomainName;
  /** As zone files write it: `A`, `TYPE65280`. */
  readonly type: string;
  /** IN where it is left out. */
  readonly class?: number;
  /** The header's flags as they are sent. */
  readonly flags?: number;
  /** Octets an answer by UDP may have; without it there is no OPT record. */
  readonly edns?: number;
  readonly wantsDnssec?: boolean;
  readonly options?: readonly EdnsOption[];
}

// As resolvers do: what a full buffer dropped is asked again.
const attemptMs = 2_000;
const maximumAttempts = 5;
const streamPatienceMs = 30_000;

/** A question as octets, its id 0. */
export function encodeQuestion(question: DnsQuestion): Buffer {
  const writer = new MessageWriter(Buffer.alloc(1024));
  writer.setHeader(0, question.flags ?? 0);
  const name = question.name.endsWith("\0") ? (question.name as DomainName) : parseName(question.name);
  writer.addQuestion({ name, type: parseRecordType(question.type) ?? 0, class: question.class ?? 1 });
  if (question.edns !== undefined) {
    writer.addEdns(question.edns, 0, question.wantsDnssec ?? false, [...(question.options ?? [])]);
  }
  return Buffer.from(writer.finish());
}

/** Sends one question by UDP. Rejects when there is no answer in ten seconds. */
export async function askDns(place: ServerPlace, question: DnsQuestion): Promise<Buffer> {
  const client = await openUdpClient();
  try {
    return await client.ask(place, encodeQuestion(question));
  } finally {
    client.close();
  }
}

/** Many questions under way from one socket. */
export interface UdpClient {
  /** The answer with the id of the question. Rejects when none comes. */
  ask(place: ServerPlace, message: Buffer): Promise<Buffer>;
  close(): void;
}

export async function openUdpClient(): Promise<UdpClient> {
  const socket: Socket = createSocket("udp4");
  const waiting = new Map<string, (answer: Buffer) => void>();
  socket.on("message", (answer, { port }) => {
    if (answer.length >= 2) waiting.get(`${port} ${answer.readUInt16BE(0)}`)?.(answer);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  let lastId = 0;
  return {
    ask({ address = "127.0.0.1", port }, message) {
      lastId = (lastId % 65_000) + 1;
      const key = `${port} ${lastId}`;
      const sent = Buffer.from(message);
      sent.writeUInt16BE(lastId, 0);
      return new Promise((resolve, reject) => {
        let attempts = 0;
        const send = () => {
          if (attempts++ < maximumAttempts) return socket.send(sent, port, address);
          end();
          reject(new Error(`no answer from port ${port} to ${message.toString("hex")}, sent ${maximumAttempts} times`));
        };
        const timer = setInterval(send, attemptMs);
        const end = () => {
          clearInterval(timer);
          waiting.delete(key);
        };
        waiting.set(key, (answer) => {
          end();
          resolve(answer);
        });
        send();
      });
    },
    close: () => socket.close(),
  };
}

/** Sends all messages at once by one TCP connection, and answers in the order of the messages. Rejects when not all are answered. */
export async function askByTcp(
  { address = "127.0.0.1", port }: ServerPlace,
  messages: readonly Buffer[],
): Promise<readonly Buffer[]> {
  const socket = connect({ host: address, port, noDelay: true });
  const reader = new FrameReader();
  const answers = new Map<number, Buffer>();
  try {
    await once(socket, "connect");
    for (const [id, message] of messages.entries()) {
      const sent = Buffer.from(message);
      sent.writeUInt16BE(id, 0);
      socket.write(frame(sent));
    }
    const signal = AbortSignal.timeout(streamPatienceMs);
    for await (const [octets] of chunksOf(socket, signal)) {
      for (const answer of reader.push(octets)) answers.set(answer.readUInt16BE(0), Buffer.from(answer));
      if (answers.size === messages.length) break;
    }
  } finally {
    socket.destroy();
  }
  return messages.map((_, id) => {
    const answer = answers.get(id);
    if (answer === undefined) throw new Error(`port ${port} answered ${answers.size} of ${messages.length} by TCP`);
    return answer;
  });
}

async function* chunksOf(socket: ReturnType<typeof connect>, signal: AbortSignal): AsyncGenerator<[Buffer]> {
  const stop = () => socket.destroy();
  signal.addEventListener("abort", stop);
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) yield [chunk as Buffer];
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
