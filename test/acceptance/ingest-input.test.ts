import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { cleanupOfSuite, startServer, type TestServer } from "../support/index.ts";

const path = "/api/v1/check-results";
const ndjson = { "content-type": "application/x-ndjson" };

describe("what the public ingest takes and refuses", () => {
  const cleanup = cleanupOfSuite();
  let server: TestServer;
  before(async () => {
    server = await startServer(cleanup);
  });

  const outputOf = async (hostName: string) => {
    const filter = encodeURIComponent(JSON.stringify({ hostName }));
    return (await server.api("GET", `${path}?filter=${filter}&sort=id`)).body.data;
  };

  it("keeps the good items of a batch and names each bad one", async () => {
    const body = [
      { host: "web1", service: "http", returnCode: 0, output: "fine", more: { is: "ignored" } },
      { host: "web1", service: "ht|tp", returnCode: 0 },
      { host: "web1", service: "disk", returnCode: "two" },
      "nonsense",
      { host: "web1", service: "disk", returnCode: 9, output: "odd" },
    ];
    const answer = await server.api("POST", path, { body });
    assert.equal(answer.status, 200);
    assert.equal(answer.body.accepted, 2);
    assert.deepEqual(
      answer.body.rejected.map((item: { index: number; service?: string }) => [item.index, item.service]),
      [
        [1, "ht|tp"],
        [2, "disk"],
        [3, undefined],
      ],
    );
    const stored = await outputOf("web1");
    assert.deepEqual(
      stored.map((result: { state: string }) => result.state),
      ["OK", "UNKNOWN"],
    );
  });

  it("takes NDJSON, packed or not, and a broken line costs only itself", async () => {
    const lines =
      '{"host":"nd","returnCode":0,"output":"first"}\nnot json\n{"host":"nd","returnCode":1,"output":"second"}\n';
    const plain = await server.api("POST", path, { body: lines, headers: ndjson });
    assert.deepEqual([plain.body.accepted, plain.body.rejected[0].index], [2, 1]);
    const packed = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { ...ndjson, "content-encoding": "gzip", authorization: `Bearer ${server.operatorToken}` },
      body: gzipSync(lines),
    });
    assert.equal(packed.status, 200);
  });

  it("refuses an unknown host by name where the token may not register", async () => {
    const made = await server.api("POST", "/api/v1/api-tokens", { body: { name: "sender", scopes: ["ingest"] } });
    const token: string = made.body.token;
    const body = [
      { host: "nobody", service: "x", returnCode: 0 },
      { host: "web1", service: "nothing", returnCode: 0 },
    ];
    const answer = await server.api("POST", path, { body, token });
    assert.equal(answer.body.accepted, 0);
    assert.deepEqual(
      answer.body.rejected.map((item: { code: string }) => item.code),
      ["MYCLOUD_UNKNOWN_HOST", "MYCLOUD_UNKNOWN_SERVICE"],
    );
    assert.match(answer.body.rejected[0].message, /"nobody"/);
    for (const other of ["/api/v1/hosts", "/api/v1/overview"]) {
      assert.equal((await server.api("GET", other, { token })).status, 403);
    }
  });

  it("answers a replayed batch as the first time, and stores it once", async () => {
    const headers = { "idempotency-key": "batch-1" };
    const body = [{ host: "replay", service: "s", returnCode: 0, output: "once" }];
    const first = await server.api("POST", path, { body, headers });
    const second = await server.api("POST", path, { body, headers });
    assert.deepEqual(second.body, { ...first.body, isDuplicate: true });
    assert.equal((await outputOf("replay")).length, 1);
  });

  it("refuses 10 MB, 5,001 items, a bomb, other types and broken JSON, each with the reason", async () => {
    const huge = await server.api("POST", path, { body: "x".repeat(10_000_000) });
    assert.deepEqual([huge.status, huge.body.error.code], [413, "MYCLOUD_TOO_LARGE"]);
    for (const target of [path, "/api/v1/hosts"]) {
      const endless = new ReadableStream({
        start: (controller) => {
          for (let sent = 0; sent < 20; sent++) controller.enqueue(new Uint8Array(1_000_000).fill(0x20));
          controller.close();
        },
      });
      const unannounced = await fetch(`${server.url}${target}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${server.operatorToken}` },
        body: endless,
        duplex: "half",
      });
      assert.equal(unannounced.status, 413, target);
    }
    const many = new Array(5001).fill({ host: "web1", returnCode: 0 });
    assert.equal((await server.api("POST", path, { body: many })).status, 413);
    const bomb = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "content-encoding": "gzip",
        authorization: `Bearer ${server.operatorToken}`,
      },
      body: gzipSync(Buffer.alloc(200_000_000, " ")),
    });
    assert.equal(bomb.status, 413);
    assert.equal((await server.api("POST", path, { body: "a", headers: { "content-type": "text/csv" } })).status, 400);
    const broken = await server.api("POST", path, { body: "[{]" });
    assert.match(broken.body.error.message, /not JSON/);
    assert.equal((await server.api("POST", path, { body: [], token: null })).status, 401);
    assert.equal((await server.api("GET", "/healthz")).status, 200);
  });

  it("keeps hostile text as text", async () => {
    const texts = [
      "'; drop table host; --",
      "<script>alert(1)</script>",
      "\u0000 \ud800 \u202e {jndi:ldap://x} %s%n",
      "𝕳 ünïcode ".repeat(500),
      "__proto__",
    ];
    const body = texts.map((output, index) => ({ host: "hostile", service: `s${index}`, returnCode: 0, output }));
    assert.equal((await server.api("POST", path, { body })).body.accepted, texts.length);
    const stored = await outputOf("hostile");
    const expected = texts.map((text) => text.replaceAll(/\u0000|\ud800(?![\udc00-\udfff])/g, "\ufffd").trim());
    assert.deepEqual(
      stored.map((result: { output: string }) => result.output),
      expected,
    );
    assert.equal(
      (await server.api("GET", "/api/v1/hosts?filter=%7B%22q%22%3A%22%27%20or%201%3D1%20--%22%7D")).body.total,
      0,
    );
  });
});
