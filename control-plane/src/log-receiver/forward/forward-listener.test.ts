import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { connect, type Socket } from "node:net";
import { afterEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  encodePackedForward,
  encodePing,
  MessagePackStream,
  MessagePackWriter,
  passwordDigest,
  readAck,
  readHelo,
  readPong,
  sharedKeyDigest,
  writeEntry,
} from "@mycloud/protocol/fluent-forward";
import { LogStoreBusyError } from "../../log-store/index.ts";
import { startTestReceiver, type TestReceiver } from "../testing/test-receiver.ts";
import type { KnownAgent } from "./authenticate-ping.ts";

const open = { name: "open", protocols: ["forward" as const], networks: ["127.0.0.1"] };
const agent: KnownAgent = {
  id: "agent-1",
  secret: "installation",
  password: "of agent 1",
  identity: {
    kind: "agent",
    key: "agent:agent-1",
    name: "web1",
    hostId: 1,
    hostName: null,
    customer: "acme",
    maximumLinesPerSecond: null,
    maximumBytesPerDay: null,
  },
};

const running: { stop(): Promise<void> }[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const each of running.splice(0)) await each.stop();
});

async function start(options: Parameters<typeof startTestReceiver>[0] = {}): Promise<TestReceiver> {
  const receiver = await startTestReceiver(options);
  running.push(receiver);
  return receiver;
}

/** A sender that speaks by hand. */
class Sender {
  readonly socket: Socket;
  readonly #stream = new MessagePackStream(65_536);
  readonly closed: Promise<void>;
  #isClosed = false;
  constructor(port: number) {
    this.socket = connect({ host: "127.0.0.1", port });
    sockets.push(this.socket);
    this.socket.on("data", (bytes: Buffer) => this.#stream.push(bytes));
    this.socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once("close", () => {
        this.#isClosed = true;
        resolve();
      });
    });
  }
  /** What the receiver says next; null when it closed. */
  async hear(): Promise<Buffer | null> {
    for (;;) {
      const message = this.#stream.next();
      if (message !== null) return Buffer.from(message);
      if (this.#isClosed) return null;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  async ack(): Promise<string | null> {
    const bytes = await this.hear();
    return bytes === null ? null : readAck(bytes);
  }
  async signIn(userName: string, password: string, key: string): Promise<boolean> {
    const helo = readHelo((await this.hear()) ?? Buffer.alloc(0));
    const salt = Buffer.from("salt");
    this.socket.write(
      encodePing({
        hostName: "web1",
        salt,
        digest: sharedKeyDigest({ salt, hostName: "web1", nonce: helo.nonce, key }),
        userName,
        passwordDigest: passwordDigest({ salt: helo.auth, userName, password }),
      }),
    );
    const pong = readPong((await this.hear()) ?? Buffer.alloc(0));
    if (pong.isAccepted) {
      assert.equal(pong.digest, sharedKeyDigest({ salt, hostName: pong.hostName, nonce: helo.nonce, key }));
      assert.notEqual(pong.hostName, "web1");
    }
    return pong.isAccepted;
  }
}

function packed(count: number, chunk?: string, more: object = {}): Buffer {
  const writer = new MessagePackWriter();
  for (let at = 0; at < count; at += 1) {
    writeEntry(writer, Date.now() * 1000, { message: `line ${at}`, service: "nginx", severity: "info", ...more });
  }
  return encodePackedForward("mycloud.access", gzipSync(writer.take()), {
    compressed: "gzip",
    ...(chunk === undefined ? {} : { chunk }),
  });
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("an agent signs in; what it sends is of its host, whatever it says, and acknowledged when it is stored", async () => {
  const receiver = await start({ agents: [agent] });
  let letGo: (() => void) | undefined;
  receiver.store.before = () => new Promise<void>((resolve) => (letGo = resolve));
  const sender = new Sender(receiver.forwardPort);
  assert.ok(await sender.signIn("agent-1", "of agent 1", "installation"));
  sender.socket.write(packed(3, "chunk 1", { host: "db1", status: 200 }));
  let acknowledged: string | null | undefined;
  const hearing = sender.ack().then((ack) => {
    acknowledged = ack;
  });
  await until(() => letGo !== undefined || acknowledged !== undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(acknowledged, undefined);
  letGo?.();
  await hearing;
  assert.equal(acknowledged, "chunk 1");
  assert.deepEqual(receiver.store.batches[0]?.chunk, { sender: "agent:agent-1", id: "chunk 1" });
  const [record] = receiver.store.records;
  assert.deepEqual(
    { ...record, timeUs: 0 },
    {
      timeUs: 0,
      host: "web1",
      hostId: 1,
      customer: "acme",
      source: "access",
      service: "nginx",
      severity: "info",
      facility: null,
      message: "line 0",
      fields: { host: "db1", status: 200 },
    },
  );
});

test("a chunk that comes again is acknowledged and not stored, and counted", async () => {
  const receiver = await start({ agents: [agent] });
  for (let time = 0; time < 2; time += 1) {
    const sender = new Sender(receiver.forwardPort);
    assert.ok(await sender.signIn("agent-1", "of agent 1", "installation"));
    sender.socket.write(packed(3, "chunk 1"));
    assert.equal(await sender.ack(), "chunk 1");
  }
  assert.equal(receiver.store.records.length, 3);
  assert.equal(await receiver.metric("mycloud_log_receiver_duplicates_total"), 1);
});

test("who proves nothing right is refused: wrong key, wrong password, an unknown or revoked agent, no handshake", async () => {
  const receiver = await start({
    agents: [agent],
    senders: [{ name: "u", username: "u", password: "p", secret: "s" }],
  });
  for (const [user, password, key] of [
    ["agent-1", "of agent 1", "wrong"],
    ["agent-1", "wrong", "installation"],
    ["agent-2", "of agent 1", "installation"],
    ["u", "p", "installation"],
    ["u", "", "s"],
    ["", "", "s"],
  ] as const) {
    const sender = new Sender(receiver.forwardPort);
    assert.equal(await sender.signIn(user, password, key), false, `${user} ${password} ${key}`);
    await sender.closed;
  }
  assert.equal(await receiver.metric("mycloud_log_receiver_refused_total", { reason: "wrong-credentials" }), 6);
  const silent = new Sender(receiver.forwardPort);
  silent.socket.write(packed(1, "x"));
  await silent.closed;
  receiver.state.active.clear();
  assert.equal(await new Sender(receiver.forwardPort).signIn("agent-1", "of agent 1", "installation"), false);
  const sender = new Sender(receiver.forwardPort);
  assert.ok(await sender.signIn("u", "p", "s"));
  assert.equal(receiver.store.records.length, 0);
});

test("the connection of an agent that was revoked, and of a sender that was changed, is closed within seconds", async () => {
  const receiver = await start({ agents: [agent], senders: [{ name: "u", secret: "s" }] });
  const [first, second] = [new Sender(receiver.forwardPort), new Sender(receiver.forwardPort)];
  assert.ok(await first.signIn("agent-1", "of agent 1", "installation"));
  assert.ok(await second.signIn("", "", "s"));
  receiver.state.active.clear();
  receiver.state.senders = [];
  await Promise.all([first.closed, second.closed]);
});

test("a sender that its network lets in sends without a handshake, and is asked for one when it says nothing", async () => {
  const receiver = await start({ agents: [agent], senders: [open] });
  const plain = new Sender(receiver.forwardPort);
  plain.socket.write(packed(2, "a", { host: "WEB1.example.org" }));
  assert.equal(await plain.ack(), "a");
  const [record] = receiver.store.records;
  assert.deepEqual([record?.host, record?.hostId, record?.source], ["web1", 1, "mycloud.access"]);
  const waiting = new Sender(receiver.forwardPort);
  assert.ok(await waiting.signIn("agent-1", "of agent 1", "installation"));
});

test("while the store is busy a sender waits; acknowledgements come in the order of its chunks", async () => {
  const receiver = await start({ senders: [open] });
  let failures = 4;
  receiver.store.before = async ({ chunk }) => {
    if (chunk?.id === "1" && failures-- > 0) throw new LogStoreBusyError();
  };
  const sender = new Sender(receiver.forwardPort);
  for (const id of ["1", "2", "3"]) sender.socket.write(packed(1, id));
  assert.deepEqual([await sender.ack(), await sender.ack(), await sender.ack()], ["1", "2", "3"]);
  assert.equal(receiver.store.records.length, 3);
});

test("no more is read of a sender than a few messages while nothing can be stored", async () => {
  const receiver = await start({ senders: [open] });
  let asked = 0;
  receiver.store.before = () => {
    asked += 1;
    return new Promise(() => undefined);
  };
  const sender = new Sender(receiver.forwardPort);
  for (let at = 0; at < 100; at += 1) sender.socket.write(packed(1, String(at)));
  await until(() => asked === 8);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(asked, 8);
});

test("bombs and nonsense end their connection and nothing else", async () => {
  const receiver = await start({ senders: [open] });
  const bomb = encodePackedForward("t", gzipSync(Buffer.alloc(100_000_000)), { compressed: "gzip", chunk: "x" });
  const many = encodePackedForward("t", gzipSync(Buffer.alloc(630_000, Buffer.from([0x92, 0x00, 0x80]))), {
    compressed: "gzip",
  });
  const huge = Buffer.from([0x93, 0xa1, 0x74, 0xc6, 0xff, 0xff, 0xff, 0xff]);
  const nested = Buffer.alloc(1_000, 0x91);
  const array = Buffer.from([0x92, 0xa1, 0x74, 0xdd, 0x7f, 0xff, 0xff, 0xff]);
  for (const bytes of [bomb, many, huge, nested, array, Buffer.from("GET / HTTP/1.1\r\n\r\n"), Buffer.from([0xc1])]) {
    const sender = new Sender(receiver.forwardPort);
    sender.socket.write(bytes);
    await sender.closed;
  }
  const refused = await receiver.metric("mycloud_log_receiver_refused_total", { protocol: "forward" });
  assert.equal(refused, 7);
  const sender = new Sender(receiver.forwardPort);
  sender.socket.write(packed(1, "well"));
  assert.equal(await sender.ack(), "well");
});

test("a sender that is too fast is slowed down to its lines per second", async () => {
  const receiver = await start({ senders: [{ ...open, maximumLinesPerSecond: 100 }] });
  const sender = new Sender(receiver.forwardPort);
  const startedMs = performance.now();
  for (const id of ["1", "2", "3"]) sender.socket.write(packed(150, id));
  for (const id of ["1", "2", "3"]) assert.equal(await sender.ack(), id);
  // 200 at once, then 100 a second: the third had to wait for what the second took too much.
  assert.ok(performance.now() - startedMs > 900, `${performance.now() - startedMs} ms`);
  assert.equal(receiver.store.records.length, 450);
});

test("a sender that had its bytes of the day is refused", async () => {
  const receiver = await start({ senders: [{ ...open, maximumBytesPerDay: 10 }] });
  const first = new Sender(receiver.forwardPort);
  first.socket.write(packed(1, "1"));
  assert.equal(await first.ack(), "1");
  await first.closed;
  const second = new Sender(receiver.forwardPort);
  second.socket.write(packed(1, "2"));
  assert.equal(await second.ack(), null);
  assert.equal(receiver.store.records.length, 1);
});

test("a heartbeat over UDP is answered with a byte", async () => {
  const receiver = await start();
  const socket = createSocket("udp4");
  const answered = new Promise<Buffer>((resolve) => socket.once("message", resolve));
  socket.send(Buffer.from([0]), receiver.forwardPort, "127.0.0.1");
  assert.deepEqual(await answered, Buffer.from([0]));
  socket.close();
});
