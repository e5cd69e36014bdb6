import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FluentServer } from "@fluent-org/logger";
import { LogJobDestination } from "@mycloud/protocol/log-source";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { createEntryWriter, openLogQueue } from "../log-queue/index.ts";
import { createLogger } from "../logger/index.ts";
import { startShipping } from "./start-shipping.ts";
import { startRecordingReceiver } from "./testing/recording-receiver.ts";

const logger = createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now });

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within a minute: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function start(destination: object, ackTimeoutMs = 10_000) {
  let id = 0;
  const queue = await openLogQueue({
    directory: testDirectory(),
    logger,
    now: Date.now,
    newChunkId: () => Buffer.from(`chunk ${id++}`).toString("base64"),
    tickMs: 20,
  });
  await queue.configure(["d"], { maximumBytes: 1e9, whenFull: "block" }, ["s"]);
  const shipping = startShipping({
    destination: LogJobDestination.parse({ name: "d", host: "127.0.0.1", ...destination }),
    queue: queue.destination("d")!,
    hostName: "web-1",
    logger,
    now: Date.now,
    random: () => 0,
    backoff: { baseMs: 5, maximumMs: 20 },
    ackTimeoutMs,
    connectTimeoutMs: 2_000,
  });
  const writer = createEntryWriter();
  return {
    queue,
    shipping,
    counters: () => queue.destination("d")!.counters,
    /** Each message is a chunk of its own. */
    async write(...messages: string[]) {
      for (const message of messages) {
        writer.clear();
        writer.write({
          timeUs: 1_700_000_000_123_456,
          message,
          service: "nginx",
          severity: "err",
          facility: null,
          fields: { status: 500, path: "/ä", ok: false },
        });
        await queue.append({
          source: "web",
          tag: "mycloud.web",
          destinations: ["d"],
          entries: writer.bytes(),
          records: 1,
          readAtMs: Date.now(),
          checkpoint: {},
        });
        await queue.flush();
      }
    },
    async stop() {
      await shipping.stop();
      await queue.close();
    },
  };
}

test("a server of another make takes the records by shared key and user", async () => {
  const server = new FluentServer({
    security: { serverHostname: "central", sharedKey: "k3y", authorize: true, userDict: { agent: "pw" } },
    listenOptions: { port: 0, host: "127.0.0.1" },
  });
  const entries: unknown[][] = [];
  Object.assign(server, { onEntry: (...entry: unknown[]) => entries.push(entry) });
  await server.listen();
  const ours = await start({ port: server.port, secret: "k3y", username: "agent", password: "pw" });
  await ours.write("one", "two");
  await until(() => ours.counters().shippedRecords === 2);
  assert.deepEqual(
    entries.map(([tag, , record]) => [tag, record]),
    ["one", "two"].map((message) => [
      "mycloud.web",
      { message, service: "nginx", severity: "err", status: 500, path: "/ä", ok: false },
    ]),
  );
  assert.equal(ours.shipping.status().lastError, null);
  await ours.stop();
  await server.close();
});

test("a wrong key, a wrong password and a server without the key are told, and nothing is sent", async () => {
  const user = { name: "agent", password: "pw" };
  for (const [server, mine, expected] of [
    [{ key: "right" }, { secret: "wrong" }, /the server refuses us: no/],
    [{ key: "right", user }, { secret: "right", username: "agent", password: "bad" }, /the server refuses us: no/],
    [{ key: "right", ownKey: "other" }, { secret: "right" }, /does not have the shared key/],
    [{ key: "right" }, {}, /wants a shared key, and the destination has no secret/],
  ] as const) {
    const receiver = await startRecordingReceiver(server);
    const ours = await start({ port: receiver.port, ...mine });
    await ours.write("secret");
    await until(() => expected.test(ours.shipping.status().lastError ?? ""));
    assert.deepEqual(receiver.chunks, []);
    assert.equal(ours.queue.destination("d")!.chunks().length, 1);
    await ours.stop();
    await receiver.close();
  }
});

test("a chunk whose acknowledgement was lost comes again under the same id, and the order is kept", async () => {
  const receiver = await startRecordingReceiver();
  let seen = 0;
  receiver.onChunk = () => (seen++ % 3 === 2 ? "keep-and-close" : "ack");
  const ours = await start({ port: receiver.port });
  const messages = Array.from({ length: 20 }, (_, index) => String(index));
  await ours.write(...messages);
  await until(() => ours.counters().shippedRecords === 20);
  assert.ok(receiver.chunks.length > 20);
  assert.deepEqual(receiver.messages(), messages);
  await ours.stop();
  await receiver.close();
});

test("a receiver that never acknowledges is left after the time-out and asked again", async () => {
  const receiver = await startRecordingReceiver();
  receiver.onChunk = () => (receiver.connections() < 3 ? "ignore" : "ack");
  const ours = await start({ port: receiver.port }, 100);
  await ours.write("patience");
  await until(() => ours.counters().shippedRecords === 1);
  assert.deepEqual(receiver.messages(), ["patience"]);
  await ours.stop();
  await receiver.close();
});

test("a chunk that is refused for ever is put aside, and all others go through", async () => {
  const receiver = await startRecordingReceiver();
  receiver.onChunk = ({ messages }) => (messages[0] === "poison" ? "close" : "ack");
  const ours = await start({ port: receiver.port });
  await ours.write("a", "poison", "b", "c");
  await until(() => ours.counters().refusedRecords === 1 && ours.counters().shippedRecords === 3);
  assert.deepEqual(receiver.messages().sort(), ["a", "b", "c"]);
  assert.equal(ours.queue.destination("d")!.asideChunks, 1);
  await ours.stop();
  await receiver.close();
});

test("a receiver that takes nothing for a while gets everything afterwards: no chunk is blamed for it", async () => {
  const receiver = await startRecordingReceiver();
  let refused = 0;
  receiver.onChunk = () => (refused++ < 60 ? "close" : "ack");
  const ours = await start({ port: receiver.port });
  await ours.write("a", "b", "c");
  await until(() => ours.counters().shippedRecords === 3);
  assert.equal(ours.counters().refusedRecords, 0);
  assert.deepEqual(receiver.messages().sort(), ["a", "b", "c"]);
  await ours.stop();
  await receiver.close();
});

test("by TLS only a server with the pinned key, or one that the authority has signed, gets anything", async () => {
  const directory = testDirectory();
  const [keyFile, certFile] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"];
  const keyOptions = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  execFileSync("openssl", ["req", "-x509", ...keyOptions, "-keyout", keyFile, "-out", certFile, ...subject], {
    stdio: "ignore",
  });
  const [key, cert] = [readFileSync(keyFile, "utf8"), readFileSync(certFile, "utf8")];
  const spki = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
  const pin = createHash("sha256").update(spki).digest("base64url");
  const receiver = await startRecordingReceiver({ tls: { key, cert } });
  const tls = (ca: string | null, serverName: string | null = null) => ({ tls: { ca, serverName } });
  for (const [options, error] of [
    [{ ...tls(null), serverKeySha256: pin }, null],
    [{ ...tls(null), serverKeySha256: pin.replace(/^./, (c) => (c === "A" ? "B" : "A")) }, /not the pinned/],
    [tls(cert, "localhost"), null],
    [tls(cert, "elsewhere"), /altnames|does not match/i],
    [tls(null, "localhost"), /self-signed/],
  ] as const) {
    const before = receiver.chunks.length;
    const ours = await start({ port: receiver.port, ...options });
    await ours.write("x");
    if (error === null) await until(() => ours.counters().shippedRecords === 1);
    else await until(() => error.test(ours.shipping.status().lastError ?? ""));
    assert.equal(receiver.chunks.length, before + (error === null ? 1 : 0));
    await ours.stop();
  }
  await receiver.close();
});
