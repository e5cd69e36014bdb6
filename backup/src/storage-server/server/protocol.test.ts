import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { someObject, startTestServer } from "../testing/index.ts";

const v2 = { accept: "application/vnd.x.restic.rest.v2" };
const types = ["data", "index", "keys", "locks", "snapshots"] as const;

test("a repository is made once, and again is no mistake", async (t) => {
  const { send, layout } = await startTestServer(t);
  assert.equal((await send("GET", "/a/snapshots/")).status, 404);
  for (let count = 0; count < 2; count++) assert.equal((await send("POST", "/a/?create=true")).status, 200);
  const directory = layout.repository("a").directory;
  assert.deepEqual(readdirSync(directory).sort(), ["data", "holds", "index", "keys", "locks", "snapshots"]);
  assert.equal(readdirSync(join(directory, "data")).length, 256);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
});

test("objects of every type are stored, listed, measured, read and removed", async (t) => {
  const { send, put } = await startTestServer(t);
  await send("POST", "/a/b/?create=true");
  for (const type of types) {
    const { bytes } = someObject(1000);
    const name = await put("a/b", type, bytes);
    const head = await send("HEAD", `/a/b/${type}/${name}`);
    assert.equal(head.status, 200);
    assert.equal(head.headers["content-length"], "1000");
    const got = await send("GET", `/a/b/${type}/${name}`);
    assert.deepEqual(got.bytes, bytes);
    const list1 = await send("GET", `/a/b/${type}/`);
    assert.equal(list1.headers["content-type"], "application/vnd.x.restic.rest.v1");
    assert.deepEqual(list1.json(), [name]);
    const list2 = await send("GET", `/a/b/${type}/`, { headers: v2 });
    assert.equal(list2.headers["content-type"], "application/vnd.x.restic.rest.v2");
    const sequence = type === "snapshots" ? { sequence: 1 } : {};
    assert.deepEqual(list2.json(), [{ name, size: 1000, ...sequence }]);
    assert.equal((await send("DELETE", `/a/b/${type}/${name}`)).status, 200);
    for (const method of ["GET", "HEAD"]) assert.equal((await send(method, `/a/b/${type}/${name}`)).status, 404);
    // A client that did not hear the answer asks again.
    assert.equal((await send("DELETE", `/a/b/${type}/${name}`)).status, 200);
    const never = await send("DELETE", `/a/b/${type}/${someObject().name}`);
    assert.equal(never.status, type === "locks" ? 200 : 404);
    assert.deepEqual((await send("GET", `/a/b/${type}/`, { headers: v2 })).json(), []);
  }
});

test("the config is written once; the same again is a repeated request, another is refused", async (t) => {
  const { send } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  assert.equal((await send("HEAD", "/a/config")).status, 404);
  const config = Buffer.from("config");
  assert.equal((await send("POST", "/a/config", { body: config })).status, 200);
  assert.equal((await send("POST", "/a/config", { body: config })).status, 200);
  assert.equal((await send("POST", "/a/config", { body: Buffer.from("other") })).status, 409);
  assert.equal((await send("GET", "/a/config")).text, "config");
  assert.equal((await send("HEAD", "/a/config")).headers["content-length"], "6");
});

test("content that is not what its name says is refused, and nothing of it stays", async (t) => {
  const { send, layout } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const { bytes, name } = someObject();
  for (const type of types) {
    const answer = await send("POST", `/a/${type}/${name}`, { body: Buffer.concat([bytes, Buffer.from("x")]) });
    assert.equal(answer.status, 400);
    assert.match(answer.json<{ error: { message: string } }>().error.message, /SHA-256/);
    assert.equal((await send("HEAD", `/a/${type}/${name}`)).status, 404);
  }
  assert.deepEqual(readdirSync(layout.temporaries), []);
});

test("an object that is there is not written again; one that is too short is", async (t) => {
  const { send, put, layout } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const { bytes } = someObject(5_000);
  const name = await put("a", "data", bytes);
  const path = layout.repository("a").object({ type: "data", name });
  const before = statSync(path);
  await put("a", "data", bytes);
  assert.equal(statSync(path).ino, before.ino);
  truncateSync(path, 100);
  await put("a", "data", bytes);
  assert.deepEqual(readFileSync(path), bytes);
});

test("many uploads of the same at once all succeed and give one object", async (t) => {
  const { send, put, layout } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const { bytes } = someObject(300_000);
  const names = await Promise.all(Array.from({ length: 12 }, () => put("a", "data", bytes)));
  assert.equal(new Set(names).size, 1);
  assert.equal((await send("GET", "/a/data/")).json<string[]>().length, 1);
  assert.deepEqual((await send("GET", `/a/data/${names[0]}`)).bytes, bytes);
  assert.deepEqual(readdirSync(layout.temporaries), []);
});

test("parts of an object are read as asked", async (t) => {
  const { send, put } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const { bytes } = someObject(500_000);
  const path = `/a/data/${await put("a", "data", bytes)}`;
  const part = (range: string) => send("GET", path, { headers: { range } });
  const middle = await part("bytes=100000-399999");
  assert.equal(middle.status, 206);
  assert.equal(middle.headers["content-range"], "bytes 100000-399999/500000");
  assert.deepEqual(middle.bytes, bytes.subarray(100_000, 400_000));
  assert.deepEqual((await part("bytes=-5")).bytes, bytes.subarray(-5));
  assert.deepEqual((await part("bytes=499990-600000")).bytes, bytes.subarray(-10));
  const beyond = await part("bytes=500000-");
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers["content-range"], "bytes */500000");
});

test("an object of many megabytes goes both ways whole, and several times over one connection", async (t) => {
  const { send, put } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const { bytes } = someObject(40 * 1024 * 1024 + 7);
  const name = await put("a", "data", bytes);
  assert.ok((await send("GET", `/a/data/${name}`)).bytes.equals(bytes));
});

test("a body that ends early leaves nothing", async (t) => {
  const { send, server, layout } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const { bytes, name } = someObject(100_000);
  const { hostname, port } = new URL(server.address);
  const request = httpRequest({
    hostname,
    port,
    method: "POST",
    path: `/a/data/${name}`,
    headers: { "content-length": "100000" },
  });
  request.on("error", () => {});
  request.write(bytes.subarray(0, 50_000));
  while (readdirSync(layout.temporaries).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  request.destroy();
  while (readdirSync(layout.temporaries).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await send("HEAD", `/a/data/${name}`)).status, 404);
});

test("a body without a length is taken", async (t) => {
  const { send, server } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const { bytes, name } = someObject(200_000);
  const { hostname, port } = new URL(server.address);
  const request = httpRequest({ hostname, port, method: "POST", path: `/a/data/${name}` });
  request.write(bytes.subarray(0, 100_000));
  request.end(bytes.subarray(100_000));
  const [response] = await once(request, "response");
  response.resume();
  assert.equal(response.statusCode, 200);
  assert.deepEqual((await send("GET", `/a/data/${name}`)).bytes, bytes);
});

test("a client that asks before it sends is told to go on, or why not", async (t) => {
  const { send, server, raw } = await startTestServer(t, { maxObjectBytes: 1000 });
  await send("POST", "/a/?create=true");
  const { bytes, name } = someObject(500);
  const { hostname, port } = new URL(server.address);
  const request = httpRequest({
    hostname,
    port,
    method: "POST",
    path: `/a/data/${name}`,
    headers: { expect: "100-continue", "content-length": "500" },
  });
  request.on("continue", () => request.end(bytes));
  request.flushHeaders();
  const [response] = await once(request, "response");
  response.resume();
  assert.equal(response.statusCode, 200);
  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`;
  const refused = await raw(head(`/a/data/${name}`, 2000), 500);
  assert.match(refused, /^HTTP\/1\.1 413 /);
  assert.match(await raw(head(`/a/data/${name}`, 500), 500), /^HTTP\/1\.1 200 /);
  assert.match(await raw(`GET /a/config HTTP/1.1\r\nhost: a\r\nexpect: magic\r\n\r\n`, 500), /^HTTP\/1\.1 417 /);
});

test("an object larger than the limit is refused, announced or not", async (t) => {
  const { send, server, layout } = await startTestServer(t, { maxObjectBytes: 100_000 });
  await send("POST", "/a/?create=true");
  const { bytes, name } = someObject(150_000);
  assert.equal((await send("POST", `/a/data/${name}`, { body: bytes })).status, 413);
  const { hostname, port } = new URL(server.address);
  const request = httpRequest({ hostname, port, method: "POST", path: `/a/data/${name}` });
  request.end(bytes);
  const [response] = await once(request, "response");
  response.resume();
  assert.equal(response.statusCode, 413);
  assert.deepEqual(readdirSync(layout.temporaries), []);
});

test("no repository lies within another", async (t) => {
  const { send } = await startTestServer(t);
  await send("POST", "/a/b/?create=true");
  assert.equal((await send("POST", "/a/b/c/?create=true")).status, 409);
  assert.equal((await send("POST", "/a/?create=true")).status, 409);
  assert.equal((await send("POST", "/a/c/?create=true")).status, 200);
});

test("paths that try to get out are refused, as they are and encoded", async (t) => {
  const { raw, stateDirectory, send } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const outside = join(stateDirectory, "clock.json");
  assert.ok(existsSync(outside));
  const paths = [
    ...[
      "/../clock.json",
      "/a/../../clock.json",
      "/a/data/../../../clock.json",
      "/%2e%2e/clock.json",
      "/a%2f..%2f..%2fclock.json",
    ],
    ...[
      "/a/keys/..%00",
      "//etc/passwd",
      "/a/keys//../config",
      "http://x/../clock.json",
      "/a/./config",
      "/\\..\\clock.json",
    ],
  ];
  for (const path of paths) {
    for (const method of ["GET", "POST", "DELETE"]) {
      const answer = await raw(
        `${method} ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
        500,
      );
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, `${method} ${path}: ${answer.slice(0, 60)}`);
    }
  }
  assert.ok(existsSync(outside));
});

test("the server survives any bytes", async (t) => {
  const { raw, send, complaints } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const token = fc.constantFrom(
    ...[
      "GET ",
      "POST ",
      "DELETE ",
      "HEAD ",
      "/a/data/",
      "/a/config",
      "/a/?create=true",
      " HTTP/1.1\r\n",
      "\r\n",
      "host: a\r\n",
    ],
    ...[
      "content-length: 5\r\n",
      "content-length: -1\r\n",
      "transfer-encoding: chunked\r\n",
      "range: bytes=0-0\r\n",
      "0\r\n\r\n",
    ],
    ...[
      "authorization: Basic !!!\r\n",
      "expect: 100-continue\r\n",
      "\0",
      "a".repeat(20_000),
      `${"ab".repeat(32)}`,
      "5\r\nhello\r\n",
    ],
  );
  const bytes = fc.oneof(
    fc.array(token, { maxLength: 12 }).map((parts) => Buffer.from(parts.join(""))),
    fc.uint8Array({ maxLength: 300 }),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (sent) => {
      await raw(sent, 20);
    }),
    { numRuns: 150 },
  );
  assert.equal((await send("GET", "/healthz")).status, 200);
  assert.deepEqual(complaints, []);
});

test("methods and pages that are not there are said to be", async (t) => {
  const { send } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  for (const [method, path] of [
    ["PUT", "/a/config"],
    ["PATCH", "/a/"],
    ["GET", "/a/"],
    ["POST", "/a/data/"],
    ["POST", "/healthz"],
  ] as const)
    assert.equal((await send(method, path)).status, 405, `${method} ${path}`);
  assert.equal((await send("GET", "/readyz")).text, "ok\n");
});

test("an error of the disk tells the client nothing of the server's inside", async (t) => {
  const { send, layout, complaints } = await startTestServer(t);
  await send("POST", "/a/?create=true");
  const { bytes, name } = someObject();
  rmSync(layout.temporaries, { recursive: true });
  writeFileSync(layout.temporaries, "");
  const answer = await send("POST", `/a/data/${name}`, { body: bytes });
  assert.equal(answer.status, 500);
  assert.doesNotMatch(answer.text, /ENOTDIR|tmp/);
  assert.equal(complaints.length, 1);
});
