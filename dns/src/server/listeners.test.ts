import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import { addressOctets } from "./address-octets.ts";
import { FrameReader, frame } from "./frame-reader.ts";
import { defaultStreamLimits, listenStream, type StreamAnswer, type StreamLimits } from "./stream-listener.ts";
import { listenUdp } from "./udp-listener.ts";

async function setUp(
  t: TestContext,
  answer: (octets: Buffer) => StreamAnswer | Promise<StreamAnswer>,
  limits: Partial<StreamLimits> = {},
) {
  const lost: string[] = [];
  const faults: unknown[] = [];
  const listener = await listenStream({
    address: "127.0.0.1",
    port: 0,
    isShared: false,
    tls: null,
    answer,
    limits: { ...defaultStreamLimits, ...limits },
    onLost: (reason) => lost.push(reason),
    onFault: (error) => faults.push(error),
  });
  t.after(() => listener.close());
  const open = async () => {
    const socket = connect(listener.port, "127.0.0.1");
    await once(socket, "connect");
    t.after(() => socket.destroy());
    return socket;
  };
  return { listener, lost, faults, open };
}

async function readMessages(socket: Socket, count: number): Promise<string[]> {
  const reader = new FrameReader();
  const messages: string[] = [];
  for await (const octets of socket) {
    messages.push(...reader.push(octets).map(String));
    if (messages.length >= count) break;
  }
  return messages;
}

describe("frames", () => {
  it("are found however the stream is cut", () => {
    const message = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(message, { maxLength: 10 }), fc.array(fc.integer({ min: 1, max: 50 })), (messages, cuts) => {
        const stream = Buffer.concat(messages.map(frame));
        const reader = new FrameReader();
        const found: Buffer[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const end = at + (cuts[cut % cuts.length] ?? 7);
          found.push(...reader.push(stream.subarray(at, end)));
          at = end;
        }
        assert.deepEqual(found.map(String), messages.map(String));
      }),
    );
  });
});

describe("listenStream", () => {
  it("answers many messages of one connection, in order", async (t) => {
    const { open } = await setUp(t, async (octets) => octets);
    const socket = await open();
    const sent = Array.from({ length: 200 }, (_, index) => `message ${index}`);
    socket.write(Buffer.concat(sent.map((text) => frame(Buffer.from(text)))));
    assert.deepEqual(await readMessages(socket, 200), sent);
  });

  it("makes the messages of a long answer only as fast as they are read", async (t) => {
    let made = 0;
    const { open } = await setUp(t, function* () {
      for (; made < 2_000; made += 1) yield Buffer.alloc(16_000, 65);
    });
    const socket = await open();
    socket.pause();
    socket.write(frame(Buffer.from("all")));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(made < 1_500, `${made} were made though nobody read`);
    assert.equal((await readMessages(socket, 2_000)).length, 2_000);
  });

  it("ends who says nothing whole for a while, however many octets come", async (t) => {
    const { open, lost } = await setUp(t, (octets) => octets, { idleMs: 150 });
    const socket = await open();
    const drip = setInterval(() => socket.write(Buffer.of(0xff)), 20);
    t.after(() => clearInterval(drip));
    // It may be told of the end by an error, when it sends on.
    socket.on("error", () => {});
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    assert.deepEqual(
      lost.filter((reason) => reason !== "error"),
      ["idle"],
    );
  });

  it("ends who does not read", async (t) => {
    const { open, lost } = await setUp(
      t,
      function* () {
        for (;;) yield Buffer.alloc(60_000);
      },
      { stalledMs: 150 },
    );
    const socket = await open();
    socket.pause();
    socket.write(frame(Buffer.from("all")));
    socket.on("error", () => {});
    while (lost.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(lost, ["slow"]);
  });

  it("has so many connections and no more, also of one address", async (t) => {
    const { open, lost, listener } = await setUp(t, (octets) => octets, { maximumConnectionsOfOne: 3 });
    const sockets = [await open(), await open(), await open()];
    const one = await open();
    one.resume();
    await once(one, "close");
    assert.deepEqual([lost, listener.connections], [["too many"], 3]);
    sockets[0]?.destroy();
    while (listener.connections > 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const again = await open();
    again.write(frame(Buffer.from("x")));
    assert.deepEqual(await readMessages(again, 1), ["x"]);
  });

  it("ends who was silent longest when there is no room for one more", async (t) => {
    const { open, lost, listener } = await setUp(t, (octets) => octets, { maximumConnections: 2 });
    const [first, second] = [await open(), await open()];
    first.write(frame(Buffer.from("x")));
    await once(first, "data");
    second.resume();
    const third = await open();
    await once(second, "close");
    third.write(frame(Buffer.from("y")));
    await once(third, "data");
    assert.deepEqual([lost, listener.connections, first.destroyed], [["idle"], 2, false]);
  });

  it("closes the connection that met a fault of ours, and goes on with others", async (t) => {
    const { open, faults } = await setUp(t, (octets) => {
      if (String(octets) === "bad") throw new Error("a fault");
      return octets;
    });
    const bad = await open();
    bad.resume();
    bad.write(frame(Buffer.from("bad")));
    await once(bad, "close");
    assert.equal(faults.length, 1);
    const good = await open();
    good.write(frame(Buffer.from("good")));
    assert.deepEqual(await readMessages(good, 1), ["good"]);
  });
});

describe("listenUdp", () => {
  it("answers packets, throws short ones away, and lets two listen on one port", async (t) => {
    const lost: string[] = [];
    const options = {
      address: "127.0.0.1",
      isShared: true,
      answer: (octets: Buffer) => octets,
      onLost: (reason: string) => lost.push(reason),
      onFault: (error: unknown) => assert.fail(String(error)),
    };
    const first = await listenUdp({ ...options, port: 0 });
    t.after(() => first.close());
    const second = await listenUdp({ ...options, port: first.port });
    t.after(() => second.close());
    const socket = createSocket("udp4");
    t.after(() => socket.close());
    socket.send("short", first.port, "127.0.0.1");
    socket.send("long enough to be one", first.port, "127.0.0.1");
    const [octets] = await once(socket, "message");
    assert.equal(String(octets), "long enough to be one");
    assert.deepEqual(lost, ["malformed"]);
  });

  it("goes on after a packet that could not be answered, and sends later what takes its time", async (t) => {
    const faults: unknown[] = [];
    const listener = await listenUdp({
      address: "127.0.0.1",
      port: 0,
      isShared: false,
      answer: (octets) => {
        if (octets[0] === 0x74) throw new Error("a fault");
        if (octets[0] === 0x72) return Promise.reject(new Error("another"));
        return Promise.resolve(octets);
      },
      onLost: assert.fail,
      onFault: (error) => faults.push(error),
    });
    t.after(() => listener.close());
    const socket = createSocket("udp4");
    t.after(() => socket.close());
    for (const text of ["throws when asked", "rejects when asked", "answers when asked"])
      socket.send(text, listener.port, "127.0.0.1");
    const [octets] = await once(socket, "message");
    assert.equal(String(octets), "answers when asked");
    assert.equal(faults.length, 2);
  });
});

describe("packets that come at once", () => {
  for (const [isBatched, address] of [
    [true, "127.0.0.1"],
    [true, "::1"],
    [false, "127.0.0.1"],
  ] as const) {
    it(`are all answered, each to its sender (${isBatched ? "batched" : "one by one"}, ${address})`, async (t) => {
      const listener = await listenUdp({
        ...{ address, port: 0, isShared: false, isBatched },
        answer: (octets, from) => (from === address ? octets : undefined),
        onLost: (reason) => assert.fail(reason),
        onFault: (error) => assert.fail(String(error)),
      });
      t.after(() => listener.close());
      const client = createSocket(address === "::1" ? "udp6" : "udp4");
      t.after(() => client.close());
      const seen = new Set<string>();
      const all = new Promise<void>((resolve) => {
        client.on("message", (octets) => {
          seen.add(String(octets));
          if (seen.size === 200) resolve();
        });
      });
      for (let index = 0; index < 200; index += 1) client.send(`a packet of ours ${index}`, listener.port, address);
      await all;
      assert.equal(seen.size, 200);
    });
  }
});

describe("addressOctets", () => {
  it("are four for IPv4, however it came, and sixteen for IPv6", () => {
    assert.deepEqual([...addressOctets("192.0.2.1")], [192, 0, 2, 1]);
    assert.deepEqual([...addressOctets("::ffff:192.0.2.1")], [192, 0, 2, 1]);
    assert.equal(addressOctets("fe80::1%eth0").length, 16);
    assert.equal(addressOctets("2001:db8::1")[1], 1);
  });
});
