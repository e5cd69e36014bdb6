import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createSigningKey, mintCapability, type Verb } from "../capability/index.ts";
import { someObject, startTestServer } from "../testing/index.ts";
import { startStorageServer, storageOptions } from "./index.ts";

async function temporaryFile(t: TestContext, name: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "mycloud-file-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, name);
}

/** Waits until `probe` is true; the test's own time limit ends what never comes. */
async function until(probe: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await probe())) await delay(10);
}

test("a client that trickles its body is cut off, and one that stops too", { timeout: 20_000 }, async (t) => {
  const { send, server, layout } = await startTestServer(t, { idleTimeoutMs: 400, minBytesPerSecond: 1000 });
  await send("POST", "/a/?create=true");
  const { name } = someObject();
  const { hostname, port } = new URL(server.address);
  const head = `POST /a/data/${name} HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n`;
  for (const isTrickling of [true, false]) {
    const socket = connect(Number(port), hostname);
    let text = "";
    socket.on("data", (piece) => {
      text += piece;
    });
    socket.on("error", () => {});
    socket.write(head);
    const trickle = setInterval(() => isTrickling && socket.write("x"), 50);
    const startedMs = performance.now();
    await until(() => text !== "");
    clearInterval(trickle);
    assert.match(text, /^HTTP\/1\.1 408 /);
    assert.ok(performance.now() - startedMs < 20_000);
    socket.destroy();
  }
  await until(() => readdirSync(layout.temporaries).length === 0);
});

test("a client that does not read is cut off", { timeout: 20_000 }, async (t) => {
  const { send, put, server } = await startTestServer(t, { idleTimeoutMs: 300 });
  await send("POST", "/a/?create=true");
  const name = await put("a", "data", someObject(24 * 1024 * 1024).bytes);
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  socket.pause();
  socket.write(`GET /a/data/${name} HTTP/1.1\r\nhost: a\r\n\r\n`);
  await until(async () => /status="499"/.test((await send("GET", "/metrics")).text));
  socket.destroy();
});

test("clients that go away in the middle of downloads, lists and uploads do no harm", async (t) => {
  const { send, put, server, complaints, layout } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const name = await put("a", "data", someObject(8 * 1024 * 1024).bytes);
  const { hostname, port } = new URL(server.address);
  const requests = [
    `GET /a/data/${name} HTTP/1.1\r\nhost: a\r\n\r\n`.repeat(5),
    "GET /a/data/ HTTP/1.1\r\nhost: a\r\n\r\n".repeat(50),
    `POST /a/data/${someObject().name} HTTP/1.1\r\nhost: a\r\ncontent-length: 9999\r\n\r\nxxx`,
    "GET /events HTTP/1.1\r\nhost: a\r\n\r\n",
  ];
  for (let round = 0; round < 40; round++) {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    socket.write(requests[round % requests.length] ?? "");
    await delay(round % 7);
    socket.resetAndDestroy();
  }
  await until(() => readdirSync(layout.temporaries).length === 0);
  assert.equal((await send("GET", `/a/data/${name}`)).bytes.length, 8 * 1024 * 1024);
  assert.deepEqual(complaints, []);
});

test("a head that does not end is cut off", { timeout: 60_000 }, async (t) => {
  const { raw } = await startTestServer(t, { headerTimeoutMs: 200 });
  // Node looks at unfinished heads every 30 s by itself; the server looks more often.
  const startedMs = performance.now();
  await raw("GET /a/config HTTP/1.1\r\nhost: a\r\n", 20_000);
  assert.ok(performance.now() - startedMs < 20_000);
});

test("a client that asks too often is told when to come back", async (t) => {
  const { send } = await startTestServer(t, { requestsPerSecond: 5 });
  await send("POST", "/a/?create=true");
  const answers = await Promise.all(Array.from({ length: 20 }, () => send("HEAD", "/a/config")));
  const refused = answers.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 9, `${refused.length}`);
  assert.equal(refused[0]?.headers["retry-after"], "1");
});

test("clients behind a trusted proxy have their own rates, and nobody else makes up addresses", async (t) => {
  const admittedOf = async (trustedProxies: readonly string[]) => {
    const { send } = await startTestServer(t, { requestsPerSecond: 5, trustedProxies });
    const from = (address: string) => send("GET", "/a/keys/", { headers: { "x-forwarded-for": address } });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => from(`198.51.100.${at}`)));
    return answers.filter(({ status }) => status !== 429).length;
  };
  assert.equal(await admittedOf(["127.0.0.0/8"]), 40);
  assert.ok((await admittedOf([])) < 40);
  assert.ok((await admittedOf(["192.0.2.1"])) < 40);
});

test("uploads and downloads keep to their bandwidth", async (t) => {
  const { send, put } = await startTestServer(t, {
    limitInBytesPerSecond: 1_000_000,
    connectionOutBytesPerSecond: 1_000_000,
  });
  await send("POST", "/a/?create=true");
  const timeOf = async (work: () => Promise<unknown>) => {
    const startedMs = performance.now();
    await work();
    return performance.now() - startedMs;
  };
  const { bytes } = someObject(750_000);
  let name = "";
  const inMs = await timeOf(async () => {
    name = await put("a", "data", bytes);
  });
  const outMs = await timeOf(() => send("GET", `/a/data/${name}`));
  for (const ms of [inMs, outMs]) assert.ok(ms > 450 && ms < 3_000, `${ms} ms`);
});

test("a token opens what it says, and expires in the middle of things", async (t) => {
  const privateKeyFile = await temporaryFile(t, "key");
  await createSigningKey(privateKeyFile, `${privateKeyFile}.pub`);
  let nowMs = Date.now();
  const now = () => nowMs;
  const { send, put } = await startTestServer(t, { tokenPublicKeyFiles: [`${privateKeyFile}.pub`], now });
  const bearer = async (repository: string, verbs: readonly Verb[], quotaBytes?: number) => {
    const quota = quotaBytes === undefined ? {} : { quotaBytes };
    const { token } = await mintCapability({ privateKeyFile, repository, verbs, lifetimeMs: 60_000, now, ...quota });
    return { headers: { authorization: `Bearer ${token}` } };
  };
  assert.equal((await send("POST", "/a/?create=true")).status, 401);
  const append = await bearer("a", ["append"], 1_000);
  assert.equal((await send("POST", "/a/?create=true", append)).status, 200);
  assert.equal((await send("POST", "/b/?create=true", append)).status, 403);
  const { bytes } = someObject(800);
  await put("a", "data", bytes, append);
  assert.equal(
    (await send("POST", `/a/data/${someObject().name}`, { ...append, body: Buffer.alloc(300) })).status,
    507,
  );
  const refused = await send("GET", "/a/data/", append);
  assert.equal(refused.status, 403);
  assert.match(refused.text, /needs the verb read/);
  const read = await bearer("*", ["read"]);
  assert.equal((await send("GET", "/a/data/", read)).status, 200);
  const asPassword = Buffer.from(`token:${read.headers.authorization.slice(7)}`).toString("base64");
  assert.equal((await send("GET", "/a/data/", { headers: { authorization: `Basic ${asPassword}` } })).status, 200);
  nowMs += 200_000;
  const expired = await send("GET", "/a/data/", read);
  assert.equal(expired.status, 401);
  assert.match(expired.text, /expired/);
  assert.match(String(expired.headers["www-authenticate"]), /Basic.*Bearer/);
});

test("each new snapshot is posted once, signed, in order, though the receiver was down", {
  timeout: 20_000,
}, async (t) => {
  const secretFile = await temporaryFile(t, "secret");
  writeFileSync(secretFile, "s3cret\n");
  const received: { body: string; signature: unknown }[] = [];
  let failures = 2;
  const receiver = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    if (failures-- > 0) response.writeHead(503);
    else received.push({ body, signature: request.headers["x-mycloud-signature"] });
    response.end();
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  t.after(() => receiver.close());
  const address = receiver.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { send, put, layout } = await startTestServer(t, {
    webhookUrl: `http://127.0.0.1:${port}/hook`,
    webhookSecretFile: secretFile,
  });
  await send("POST", "/a/?create=true");
  const objects = [someObject(10), someObject(20)];
  for (const { bytes } of objects) await put("a", "snapshots", bytes);
  await put("a", "snapshots", objects[0]?.bytes ?? Buffer.alloc(0));
  await until(() => received.length >= 2);
  await until(() => readdirSync(layout.events).length === 0);
  const events = received.map(({ body }) => JSON.parse(body));
  assert.deepEqual(
    events.map(({ snapshot }) => snapshot),
    objects.map(({ name }) => name),
  );
  assert.deepEqual(
    events.map(({ type, repository, sizeBytes, sequence }) => ({ type, repository, sizeBytes, sequence })),
    [
      { type: "snapshot", repository: "a", sizeBytes: 10, sequence: 1 },
      { type: "snapshot", repository: "a", sizeBytes: 20, sequence: 2 },
    ],
  );
  assert.ok(Math.abs(events[0].receivedAtMs - Date.now()) < 60_000);
  for (const { body, signature } of received)
    assert.equal(signature, `sha256=${createHmac("sha256", "s3cret").update(body).digest("hex")}`);
});

test("an event that waits survives a restart; one whose snapshot never came does not", async (t) => {
  const first = await startTestServer(t, { webhookUrl: "http://127.0.0.1:9/" });
  await first.send("POST", "/a/?create=true");
  const name = await first.put("a", "snapshots", someObject().bytes);
  await first.server.close();
  const { events } = first.layout;
  assert.equal(readdirSync(events).length, 1);
  const kept = JSON.parse(readFileSync(join(events, readdirSync(events)[0] ?? ""), "utf8"));
  assert.equal(kept.snapshot, name);
  writeFileSync(join(events, "0000000000000000.json"), JSON.stringify({ ...kept, snapshot: "0".repeat(64) }));
  const again = await startTestServer(t, { webhookUrl: "http://127.0.0.1:9/", stateDirectory: first.stateDirectory });
  await until(() => readdirSync(events).length === 1);
  assert.match((await again.send("GET", "/metrics")).text, /mycloud_storage_events_waiting 1/);
  await again.server.close();
});

test("who listens hears of snapshots and of damage", async (t) => {
  const { send, put, server, layout } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const stream = await fetch(`${server.address}/events`);
  assert.equal(stream.headers.get("content-type"), "text/event-stream");
  let heard = "";
  const reading = (async () => {
    for await (const piece of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) heard += piece;
  })();
  const name = await put("a", "snapshots", someObject().bytes);
  await until(() => heard.includes(name));
  const pack = await put("a", "data", someObject().bytes);
  writeFileSync(layout.repository("a").object({ type: "data", name: pack }), "");
  await server.scrubNow();
  await until(() => heard.includes(pack));
  assert.match(heard, /event: snapshot\n/);
  assert.match(heard, /event: damaged-object\n/);
  await server.close();
  await reading.catch(() => undefined);
});

test("the figures tell of requests, bytes, repositories, scrub and refusals", async (t) => {
  const { send, put, server } = await startTestServer(t, { quotaBytes: 5_000 });
  await send("POST", "/a/?create=true");
  await put("a", "data", someObject(1_000).bytes);
  await put("a", "snapshots", someObject(100).bytes);
  await send("DELETE", `/a/data/${await put("a", "data", someObject(300).bytes)}`);
  await server.scrubNow();
  await send("GET", "/metrics");
  const { text } = await send("GET", "/metrics");
  for (const line of [
    'mycloud_storage_requests_total{method="POST",type="data",status="200"} 2',
    'mycloud_storage_transferred_bytes_total{direction="in"} 1400',
    'mycloud_storage_repository_size_bytes{repository="a"} 1100',
    'mycloud_storage_repository_trash_bytes{repository="a"} 300',
    'mycloud_storage_repository_objects{repository="a",type="data"} 1',
    'mycloud_storage_repository_snapshots{repository="a"} 1',
    'mycloud_storage_repository_quota_bytes{repository="a"} 5000',
    'mycloud_storage_repository_wanted_objects{repository="a"} 0',
    "mycloud_storage_scrubbed_bytes_total 1100",
  ])
    assert.ok(text.includes(`${line}\n`), `${line} is not in\n${text}`);
  assert.match(text, /mycloud_storage_repository_last_snapshot_timestamp_seconds\{repository="a"\} \d{10}/);
  assert.match(text, /mycloud_storage_repository_scrub_age_seconds\{repository="a"\} \d/);
  assert.match(text, /mycloud_storage_request_duration_seconds_bucket/);
});

test("figures are for this machine, or for who has their token", async (t) => {
  const { send } = await startTestServer(t);
  assert.equal((await send("GET", "/metrics", { headers: { "x-forwarded-for": "192.0.2.1" } })).status, 403);
  const metricsTokenFile = await temporaryFile(t, "token");
  writeFileSync(metricsTokenFile, "abc\n");
  const guarded = await startTestServer(t, { metricsTokenFile });
  assert.equal((await guarded.send("GET", "/metrics")).status, 401);
  assert.equal((await guarded.send("GET", "/metrics", { headers: { authorization: "Bearer abd" } })).status, 401);
  assert.equal((await guarded.send("GET", "/metrics", { headers: { authorization: "Bearer abc" } })).status, 200);
});

test("closing lets an upload under way end", async (t) => {
  const { send, server, layout } = await startTestServer(t, { limitInBytesPerSecond: 400_000 });
  await send("POST", "/a/?create=true");
  const { bytes, name } = someObject(300_000);
  const uploading = send("POST", `/a/data/${name}`, { body: bytes });
  await until(() => readdirSync(layout.temporaries).length > 0);
  const closing = server.close();
  assert.equal((await uploading).status, 200);
  await closing;
  assert.deepEqual(readFileSync(layout.repository("a").object({ type: "data", name })), bytes);
});

test("options that cannot be are refused, all at once", async () => {
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const start = (options: object) =>
    startStorageServer({ stateDirectory: "/nonexistent", listen: "127.0.0.1:0", logger, now: Date.now, ...options });
  await assert.rejects(start({ isOpen: true, listen: "0.0.0.0:0" }), /loopback/);
  await assert.rejects(start({ listen: "8081" }), /HOST:PORT/);
  await assert.rejects(start({ maxUploads: 0, tlsCertFile: "x", webhookUrl: "ftp://x" }), (error: Error) => {
    assert.equal(error.message.split("\n").length, 3);
    return true;
  });
});

test("every option has a name, a variable and a description of its own", () => {
  for (const key of ["name", "env", "description"] as const)
    assert.equal(new Set(storageOptions.map((option) => option[key])).size, storageOptions.length);
  for (const { env } of storageOptions) assert.match(env, /^MYCLOUD_STORAGE[A-Z_]*$/);
});
