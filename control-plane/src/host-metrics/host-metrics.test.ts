import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { newAgentKey, signToken } from "../agent/testing/agent-api.ts";
import { startRecordingStore } from "../remote-write/testing/recording-store.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";
import { endStaleSeries } from "./end-stale-series.ts";

const exposition = (load: number, more = "") =>
  `# HELP node_load1 1m load average.\n# TYPE node_load1 gauge\nnode_load1 ${load}\n${more}`;

describe("metrics that agents push", () => {
  let app: TestApp;
  let store: Awaited<ReturnType<typeof startRecordingStore>>;
  let agent: { readonly hostId: number; readonly token: () => string };
  let clockMs = 1_790_000_000_000;

  before(async () => {
    store = await startRecordingStore();
    app = await startTestApp({ settings: { outgoingNetworks: ["127.0.0.1"] }, now: () => clockMs });
    const remoteWrite = { name: "vm", url: store.url, token: "let me in", externalLabels: { site: "a" } };
    const made = await app.call("POST", "/api/v1/remote-writes", { body: remoteWrite });
    assert.deepEqual([made.status, made.body.token], [200, "********"], made.text);
    agent = await enrol("web1", "acme");
  });
  after(async () => {
    await app.stop();
    await store.stop();
  });

  async function enrol(hostName: string, customer: string) {
    const created = await app.call("POST", "/api/v1/enrolment-tokens", { body: { customer } });
    const { privateKey, publicKey } = newAgentKey();
    const body = { token: created.body.token, hostName, agentVersion: "1", publicKey };
    const { hostId, agentId } = (await app.call("POST", "/api/v1/agent/enrol", { token: null, body })).body;
    return { hostId, token: () => signToken(privateKey, agentId, clockMs) };
  }

  const push = (text: string, batchId: string = randomUUID(), scrapedAtMs = clockMs) =>
    app.call("POST", "/api/v1/agent/metrics", {
      token: agent.token(),
      body: gzipSync(JSON.stringify({ batchId, scrapedAtMs, exposition: text })),
      headers: { "content-encoding": "gzip" },
    });

  async function until(condition: () => boolean, what: string): Promise<void> {
    for (const deadline = Date.now() + 60_000; !condition(); ) {
      assert.ok(Date.now() < deadline, `in time: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  test("an agent is told to push by definitions that cover its host, at the shortest of their intervals", async () => {
    const told = async () =>
      (await app.call("GET", "/api/v1/agent/configuration", { token: agent.token() })).body.metrics;
    assert.equal(await told(), undefined);
    for (const [name, intervalSeconds, selector] of [
      ["all", 60, {}],
      ["web", 10, { hosts: ["web*"] }],
      ["db", 5, { hosts: ["db*"] }],
    ] as const) {
      const made = await app.call("POST", "/api/v1/metrics-pushes", { body: { name, intervalSeconds, selector } });
      assert.equal(made.status, 200, made.text);
    }
    assert.deepEqual(await told(), { pushIntervalSeconds: 10 });
  });

  test("what was pushed is exposed as it was, compressed as it lies there, until three intervals brought no more", async () => {
    const path = `/metrics/hosts/${agent.hostId}`;
    assert.equal((await app.call("GET", path)).status, 404);
    assert.equal((await push(exposition(0.5))).status, 200);
    const plain = await app.call("GET", path, { headers: { "accept-encoding": "identity" } });
    assert.equal(plain.text, exposition(0.5));
    assert.equal(plain.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const zipped = await app.call("GET", path, { headers: { "accept-encoding": "gzip" } });
    assert.deepEqual([zipped.text, zipped.headers.get("content-encoding")], [exposition(0.5), "gzip"]);
    const etag = zipped.headers.get("etag") ?? "";
    assert.equal((await app.call("GET", path, { headers: { "if-none-match": etag } })).status, 304);
    clockMs += 29_000;
    assert.equal((await app.call("GET", path)).status, 200);
    clockMs += 1_000;
    assert.equal((await app.call("GET", path)).status, 404);
  });

  test("who may see a host sees what it pushed, and nobody else", async () => {
    await push(exposition(1));
    const tokenOf = async (customer: string) => {
      const body = { name: customer, scopes: ["read"], customer };
      return (await app.call("POST", "/api/v1/api-tokens", { body })).body.token;
    };
    const path = `/metrics/hosts/${agent.hostId}`;
    assert.equal((await app.call("GET", path, { token: null })).status, 401);
    assert.equal((await app.call("GET", path, { token: await tokenOf("acme") })).status, 200);
    assert.equal((await app.call("GET", path, { token: await tokenOf("other") })).status, 404);
    const basic = `Basic ${Buffer.from(`prometheus:${await tokenOf("acme")}`).toString("base64")}`;
    assert.equal((await app.call("GET", path, { token: null, headers: { authorization: basic } })).status, 200);
  });

  test("a push counts once, is written with its own time, and series that are gone are ended", async () => {
    await until(() => store.arrived.some(({ value }) => value === 1), "what was pushed before arrives");
    store.arrived.length = 0;
    const batchId = randomUUID();
    const first = clockMs - 20_000;
    const disk = '# TYPE disk gauge\ndisk{device="sda"} 1\n';
    assert.deepEqual((await push(exposition(2, disk), batchId, first)).body, { isDuplicate: false });
    assert.deepEqual((await push(exposition(2, disk), batchId, first)).body, { isDuplicate: true });
    clockMs += 5_000;
    const second = clockMs;
    await push(exposition(3, disk.replace("sda", "sdb")));
    clockMs += 5_000;
    await push(exposition(4, disk.replace("sda", "sdb")));
    await until(() => store.arrived.some(({ value }) => value === 4), "all arrive");
    const load = '__name__="node_load1",instance="web1",job="mycloud",site="a"';
    const diskOf = (device: string) => `__name__="disk",device="${device}",instance="web1",job="mycloud",site="a"`;
    const found = store.arrived.map(({ series, value, atMs }) => [series, value, atMs]);
    assert.deepEqual(found, [
      [load, 2, first],
      [diskOf("sda"), 1, first],
      [load, 3, second],
      [diskOf("sdb"), 1, second],
      [load, 4, clockMs],
      [diskOf("sdb"), 1, clockMs],
    ]);
    const {
      authorization,
      "content-encoding": encoding,
      "x-prometheus-remote-write-version": version,
    } = store.headers.at(-1) ?? {};
    assert.deepEqual([authorization, encoding, version], ["Bearer let me in", "snappy", "0.1.0"]);
  });

  test("of a host that pushes no more every series is ended, right behind its last sample, and once", async () => {
    store.arrived.length = 0;
    const { core } = app.app;
    assert.ok(core);
    clockMs += 3_600_000;
    const writes = { ended: [] as unknown[] };
    const remoteWrites = {
      isWanted: () => true,
      write: async (_: string, samples: readonly unknown[]) => void writes.ended.push(...samples),
    };
    const definitions = { hostsById: async () => new Map([[agent.hostId, { name: "web1" }]]) as never };
    const deps = { database: core.database, definitions, remoteWrites };
    const { signal } = new AbortController();
    assert.equal(await endStaleSeries(deps, clockMs, signal), 1);
    assert.equal(writes.ended.length, 2);
    assert.equal(await endStaleSeries(deps, clockMs, signal), 0);
  });

  test("a text that is no exposition is refused with its line, and too much of anything is refused", async () => {
    const broken = await push("# TYPE a gauge\na 1\nb{ 2\n");
    assert.equal(broken.status, 400);
    assert.match(broken.text, /exposition: line 3: found/);
    assert.equal((await push("a 1\na 2\n")).status, 400);
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, 32));
    const tooLarge = await app.call("POST", "/api/v1/agent/metrics", {
      token: agent.token(),
      body: bomb,
      headers: { "content-encoding": "gzip" },
    });
    assert.equal(tooLarge.status, 413);
    assert.ok(gunzipSync(bomb).length > 12 * 1024 * 1024);
    assert.equal((await app.call("POST", "/api/v1/agent/metrics", { body: {} })).status, 403);
  });

  test("perfdata of results is written in base units, at the time of each result", async () => {
    store.arrived.length = 0;
    const token = (
      await app.call("POST", "/api/v1/api-tokens", { body: { name: "in", scopes: ["ingest", "ingest:register"] } })
    ).body.token;
    const send = (output: string, checkedAtMs: number) =>
      app.call("POST", "/api/v1/check-results", {
        token,
        body: [{ host: "db1", service: "query", returnCode: 0, output, checkedAtMs }],
      });
    const at = clockMs - 60_000;
    assert.equal((await send("fine | time=250ms;1;2 rows=7 used=40%", at)).status, 200);
    assert.equal((await send("fine | time=500ms;1;2 rows=8", at + 30_000)).status, 200);
    await until(() => store.arrived.some(({ value }) => value === 0.5), "the second arrives");
    const seriesOf = (name: string, label: string) =>
      `__name__="mycloud_perfdata_${name}",host="db1",instance="db1",job="mycloud",label="${label}",service="query",site="a"`;
    const sorted = store.arrived.map(({ series, value, atMs }) => [series, value, atMs - at]).sort();
    assert.deepEqual(
      sorted,
      [
        [seriesOf("ratio", "used"), 0.4, 0],
        [seriesOf("seconds", "time"), 0.25, 0],
        [seriesOf("value", "rows"), 7, 0],
        [seriesOf("seconds", "time"), 0.5, 30_000],
        [seriesOf("value", "rows"), 8, 30_000],
        [seriesOf("ratio", "used"), "ended", 30_000],
      ].sort(),
    );
    const { data } = (await app.call("GET", "/api/v1/remote-write-queues")).body;
    assert.equal(data[0].lastError, null);
    assert.ok(data[0].sentSamples > 6);
  });

  test("what waits for a store that is away arrives when it is back, in order", async () => {
    store.arrived.length = 0;
    store.answer.status = 503;
    for (let value = 10; value < 15; value++) {
      clockMs += 1_000;
      assert.equal((await push(exposition(value))).status, 200);
    }
    await until(() => store.headers.length > 0, "it is asked");
    store.answer.status = 204;
    await until(() => store.arrived.length >= 5, "all arrive");
    const loads = store.arrived.filter(({ series }) => series.includes("node_load1"));
    assert.deepEqual(
      loads.map(({ value }) => value),
      [10, 11, 12, 13, 14],
    );
    const metrics = (await app.call("GET", "/metrics")).text;
    assert.match(metrics, /^mycloud_remote_write_samples_total\{remote_write="vm"\} \d+$/m);
    assert.match(metrics, /^mycloud_metrics_pushes_total\{outcome="duplicate"\} 1$/m);
  });

  test("what cannot work is refused by name and value", async () => {
    const refusedOf = async (body: unknown) => (await app.call("POST", "/api/v1/remote-writes", { body })).text;
    assert.match(await refusedOf({ name: "x", url: "ftp://h/" }), /url: is no http:\/\/ or https:\/\/ address/);
    assert.match(await refusedOf({ name: "x", url: "http://u:p@h/" }), /url: has a user or password in it/);
    assert.match(await refusedOf({ name: "x", url: "http://h/", externalLabels: { __a: "b" } }), /externalLabels.__a/);
    const interval = await app.call("POST", "/api/v1/metrics-pushes", { body: { name: "x", intervalSeconds: 1 } });
    assert.match(interval.text, /intervalSeconds/);
    const { resources } = (await app.call("GET", "/api/v1/export?kind=RemoteWrite,MetricsPush")).body;
    assert.equal(resources.length, 4);
    const again = await app.call("POST", "/api/v1/apply", { body: { resources } });
    assert.ok(
      again.body.changes.every(({ action }: { action: string }) => action === "unchanged"),
      again.text,
    );
  });
});
