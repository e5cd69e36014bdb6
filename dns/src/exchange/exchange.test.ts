import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { describe, it, type TestContext } from "node:test";
import { defaultStreamLimits, listenStream, listenUdp } from "../server/index.ts";
import { exchangeDatagram } from "./exchange-datagram.ts";
import { exchangeStream } from "./exchange-stream.ts";

const query = Buffer.from("0102 0100 0001 0000 0000 0000 00 0001 0001".replaceAll(" ", ""), "hex");
const address = "127.0.0.1";
const noFault = { isShared: false, onLost: () => undefined, onFault: (error: unknown) => assert.fail(String(error)) };

async function stream(t: TestContext, answer: () => Iterable<Buffer>) {
  const listener = await listenStream({ address, port: 0, tls: null, answer, limits: defaultStreamLimits, ...noFault });
  t.after(() => listener.close());
  return listener;
}

describe("exchangeDatagram", () => {
  it("takes the answer that has its id and is one, and nothing else", async (t) => {
    const foreign = Buffer.from(query);
    foreign.writeUInt16BE(7, 0);
    const good = Buffer.concat([query, Buffer.from("!")]);
    const socket = createSocket("udp4");
    t.after(() => socket.close());
    socket.on("message", (_, { port }) => {
      for (const answer of [foreign, query.subarray(0, 11), query, good]) socket.send(answer, port, address);
    });
    await new Promise<void>((resolve) => socket.bind(0, address, resolve));
    const peer = { address, port: socket.address().port };
    const signal = AbortSignal.timeout(5_000);
    const isAnswer = (octets: Buffer) => octets.at(-1) === 0x21;
    assert.deepEqual(await exchangeDatagram(peer, query, signal, isAnswer), good);
    await assert.rejects(
      exchangeDatagram(peer, query, AbortSignal.timeout(20), () => false),
      /timeout/i,
    );
  });

  it("fails at once where nobody listens", async (t) => {
    const listener = await listenUdp({ address, port: 0, answer: () => undefined, ...noFault });
    await listener.close();
    await assert.rejects(
      exchangeDatagram({ address, port: listener.port }, query, t.signal),
      (error: NodeJS.ErrnoException) => error.code === "ECONNREFUSED",
    );
  });
});

describe("exchangeStream", () => {
  it("yields message by message until it is told to stop", async (t) => {
    let sent = 0;
    const listener = await stream(t, function* () {
      for (;;) {
        sent += 1;
        yield Buffer.alloc(60_000, sent);
      }
    });
    const seen: number[] = [];
    for await (const message of exchangeStream({ address, port: listener.port }, query, AbortSignal.timeout(5_000))) {
      seen.push(message[0] ?? 0);
      if (seen.length === 3) break;
    }
    assert.deepEqual(seen, [1, 2, 3]);
  });

  it("fails when it is abandoned, and when nobody is there", async (t) => {
    const listener = await stream(t, () => []);
    const waiting = exchangeStream({ address, port: listener.port }, query, AbortSignal.timeout(20));
    await assert.rejects(waiting.next(), /timeout/i);
    await listener.close();
    await assert.rejects(exchangeStream({ address, port: listener.port }, query, t.signal).next());
  });
});
