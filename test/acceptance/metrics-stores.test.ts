// What agents push and what results measure, written to Debian's VictoriaMetrics and Prometheus, and charts that are read back from there.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import test from "node:test";
import type { RemoteWriteQueue } from "@mycloud/protocol/host-metrics";
import type { PerfdataAnswer } from "@mycloud/protocol/perfdata";
import { newAgentKey, signToken } from "../../control-plane/src/agent/testing/agent-api.ts";
import {
  createMetricsServer,
  createMetricsSource,
  createSqlSource,
  readPerfdata,
} from "../../control-plane/src/perfdata/index.ts";
import { everything } from "../../control-plane/src/scope/index.ts";
import { startTestApp, type TestApp } from "../../control-plane/src/testing/index.ts";
import { type MetricsStore, startMetricsStore, VICTORIA_METRICS_PROGRAM } from "../peers/metrics-store.ts";
import { requirePeer } from "../peers/peer.ts";
import { PROMETHEUS_PROGRAM } from "../peers/prometheus.ts";
import { makeCertificates } from "../support/certificates.ts";
import { type Cleanup, temporaryDirectory, waitFor } from "../support/index.ts";

const timeout = 120_000;
const minuteMs = 60_000;
const { signal } = new AbortController();

async function startApp(cleanup: Cleanup, store: MetricsStore): Promise<TestApp> {
  const app = await startTestApp({ settings: { outgoingNetworks: ["127.0.0.1"] } });
  cleanup.after(() => app.stop());
  const made = await app.call("POST", "/api/v1/remote-writes", { body: { name: "store", url: store.writeUrl } });
  assert.equal(made.status, 200, made.text);
  const isRunning = async () => (await app.call("GET", "/api/v1/remote-write-queues")).body.data.length > 0;
  await waitFor(isRunning, 10_000, "the remote write to be in force");
  return app;
}

/** Pushes as an agent would, with times of its own. */
async function enrolPusher(app: TestApp) {
  const created = await app.call("POST", "/api/v1/enrolment-tokens", { body: {} });
  const { privateKey, publicKey } = newAgentKey();
  const body = { token: created.body.token, hostName: "web1", agentVersion: "1", publicKey };
  const { agentId } = (await app.call("POST", "/api/v1/agent/enrol", { token: null, body })).body;
  return async (scrapedAtMs: number, exposition: string) => {
    const token = signToken(privateKey, agentId, Date.now());
    const push = { batchId: randomUUID(), scrapedAtMs, exposition };
    const { status, text } = await app.call("POST", "/api/v1/agent/metrics", { token, body: push });
    assert.equal(status, 200, text);
  };
}

async function lastError(app: TestApp): Promise<string> {
  return JSON.stringify((await app.call("GET", "/api/v1/remote-write-queues")).body.data);
}

/** Until nothing waits and so many samples were taken. */
async function sent(app: TestApp, samples: number): Promise<void> {
  const isSent = async () => {
    const [queue] = (await app.call("GET", "/api/v1/remote-write-queues")).body.data;
    return queue.sentSamples >= samples && queue.waitingBytes === 0;
  };
  await waitFor(isSent, 60_000, `${samples} samples to be sent`).catch(async (error: unknown) => {
    throw new Error(`not sent: ${await lastError(app)}`, { cause: error });
  });
}

/** A day of results, one a minute, with a pause of half an hour; answers the service's id. */
async function seedDay(app: TestApp, nowMs: number): Promise<number> {
  const scopes = ["ingest", "ingest:register"];
  const { token } = (await app.call("POST", "/api/v1/api-tokens", { body: { name: "in", scopes } })).body;
  const items: unknown[] = [];
  for (let minute = 24 * 60 - 1; minute >= 1; minute--) {
    if (minute >= 300 && minute < 330) continue;
    const wave = 200 + 100 * Math.sin(minute / 40) + (minute % 7);
    const perfdata = `time=${wave.toFixed(3)}ms;250;400 used=${(wave / 4).toFixed(2)}%;80;95 in=${(24 * 60 - minute) * 600}c`;
    const checkedAtMs = nowMs - minute * minuteMs + (minute % 5) * 200;
    items.push({ host: "web1", service: "http", returnCode: 0, output: `fine | ${perfdata}`, checkedAtMs });
  }
  const answer = await app.call("POST", "/api/v1/check-results", { token, body: items });
  assert.deepEqual([answer.status, answer.body.accepted], [200, items.length], answer.text.slice(0, 300));
  return (await app.call("GET", "/api/v1/services")).body.data.find(({ name }: { name: string }) => name === "http").id;
}

/** Holds one chart against the other, within what the ends of a range and rates in between may differ. */
function compareCharts(sql: PerfdataAnswer, store: PerfdataAnswer): void {
  const about = ({ series, ...rest }: PerfdataAnswer) => ({
    ...rest,
    series: series.map(({ atMs: _, minimum: _1, mean: _2, maximum: _3, ...known }) => known).sort(byLabel),
  });
  const byLabel = (a: { label: string }, b: { label: string }) => (a.label < b.label ? -1 : 1);
  assert.deepEqual(about(store), about(sql));
  const bucketMs = sql.resolutionSeconds * 1000;
  for (const expected of sql.series) {
    const found = store.series.find(({ label }) => label === expected.label);
    assert.ok(found);
    const isRate = expected.unit === "/s";
    assert.ok(Math.abs(found.atMs.length - expected.atMs.length) <= 3, `${expected.label} ${found.atMs.length} points`);
    let compared = 0;
    for (const [index, atMs] of found.atMs.entries()) {
      const nearest = expected.atMs.findIndex((at) => Math.abs(at - atMs) <= (bucketMs > 0 ? 0 : 31_000));
      if (nearest === -1 || nearest === 0 || nearest >= expected.atMs.length - 1) continue;
      compared++;
      for (const column of ["minimum", "mean", "maximum"] as const) {
        const one: number = expected[column][nearest] ?? 0;
        const other: number = found[column][index] ?? 0;
        const tolerance = isRate ? Math.abs(one) * 0.05 : Math.abs(one) * 1e-9;
        // Between two results a raw value may be the next one's.
        const next: number = expected[column][nearest + 1] ?? one;
        const isSame: boolean =
          Math.abs(one - other) <= tolerance || (bucketMs === 0 && Math.abs(next - other) <= tolerance);
        assert.ok(isSame, `${expected.label} ${column} at ${atMs - sql.fromMs}: ${one} here, ${other} there`);
      }
    }
    assert.ok(compared > expected.atMs.length * 0.9, `${expected.label}: ${compared} of ${expected.atMs.length}`);
    const hasGap = (of: readonly number[]) =>
      of.some((at, index) => index > 0 && at - (of[index - 1] ?? 0) > sql.gapSeconds * 1000);
    assert.equal(hasGap(found.atMs), hasGap(expected.atMs), `${expected.label}: gaps`);
  }
}

for (const [kind, program, debianPackage] of [
  ["victoria-metrics", VICTORIA_METRICS_PROGRAM, "victoria-metrics"],
  ["prometheus", PROMETHEUS_PROGRAM, "prometheus"],
] as const) {
  test(`${kind}: charts read from it are those of SQL, and after an outage of it no sample is missing`, {
    timeout,
  }, async (t) => {
    if (!requirePeer(t, program, debianPackage)) return;
    const store = await startMetricsStore(t, kind);
    const app = await startApp(t, store);
    const nowMs = Date.now();
    const serviceId = await seedDay(app, nowMs);
    const { core } = app.app;
    assert.ok(core);
    const { db } = core.database;
    const sources = {
      sql: createSqlSource(db),
      store: createMetricsSource(db, createMetricsServer({ url: store.url, passwordFile: null })),
    };
    const last = Math.floor((nowMs - minuteMs) / 1000);
    const seeded = 3 * (24 * 60 - 1 - 30);
    await sent(app, seeded);
    await waitFor(
      async () => (await store.samples("mycloud_perfdata_seconds")).some(([at]) => Math.floor(at) >= last),
      60_000,
      `a day's samples, ${await lastError(app)}`,
    );
    for (const hours of [1, 24]) {
      const query = { fromMs: nowMs - hours * 3_600_000, untilMs: nowMs, points: 480 };
      const ask = (source: keyof typeof sources) =>
        readPerfdata(db, sources[source], { scope: everything, serviceId, query, signal }, nowMs);
      compareCharts(await ask("sql"), await ask("store"));
    }

    const push = await enrolPusher(app);
    const times = Array.from({ length: 12 }, (_, index) => nowMs - (12 - index) * 15_000);
    const exposition = (index: number) =>
      `# TYPE node_n_total counter\nnode_n_total{cpu="0"} ${index}\n${index < 4 ? 'gone{x="ü"} 1\n' : ""}`;
    for (const [index, atMs] of times.entries()) {
      if (index === 3) {
        const selector = 'node_n_total{instance="web1",job="mycloud",cpu="0"}';
        await sent(app, seeded + 6);
        const isThere = async () => (await store.samples(selector)).length === 3;
        await waitFor(isThere, 30_000, `the first samples, ${await lastError(app)}`);
        await store.stop();
      }
      if (index === 9) await store.start();
      await push(atMs, exposition(index));
    }
    await sent(app, seeded + 17);
    const expected = times.map((atMs, index) => [atMs / 1000, String(index)]);
    const all = await waitFor(
      async () => {
        const found = await store.samples("node_n_total");
        return found.length >= times.length && found;
      },
      60_000,
      "all samples",
    );
    assert.deepEqual(all, expected, await lastError(app));
    const gone = (await store.samples("gone")).filter(([, value]) => value !== "NaN");
    assert.equal(gone.length, 4);
    const { data } = (await app.call("GET", "/api/v1/remote-write-queues")).body;
    assert.deepEqual([data[0].refusedSamples, data[0].droppedBytes], [0, 0], data[0].lastError);
  });
}

for (const [kind, program, debianPackage] of [
  ["victoria-metrics", VICTORIA_METRICS_PROGRAM, "victoria-metrics"],
  ["prometheus", PROMETHEUS_PROGRAM, "prometheus"],
] as const) {
  test(`${kind} by TLS: its own authority is trusted where it is named, and nothing is sent where it is not`, {
    timeout,
  }, async (t) => {
    if (!requirePeer(t, program, debianPackage)) return;
    const file = makeCertificates(await temporaryDirectory("store-tls"), ["store"], "IP:127.0.0.1");
    const ca = await readFile(file("ca.pem"), "utf8");
    const certificate = { certificateFile: file("store.pem"), keyFile: file("store.key"), ca };
    const store = await startMetricsStore(t, kind, certificate);
    const app = await startTestApp({ settings: { outgoingNetworks: ["127.0.0.1"] } });
    t.after(() => app.stop());
    const ids: number[] = [];
    for (const [name, body] of [
      ["trusting", { ca }],
      ["doubting", {}],
    ] as const) {
      const made = await app.call("POST", "/api/v1/remote-writes", { body: { name, url: store.writeUrl, ...body } });
      assert.equal(made.status, 200, made.text);
      ids.push(made.body.id);
    }
    const queues = async () => (await app.call("GET", "/api/v1/remote-write-queues")).body.data;
    await waitFor(async () => (await queues()).length === 2, 10_000, "both to be in force");
    const push = await enrolPusher(app);
    await push(Date.now(), "node_load1 0.5\n");
    const told = await waitFor(
      async () => {
        const all = await queues();
        const [trusting, doubting] = ids.map((id) => all.find((one: RemoteWriteQueue) => one.remoteWriteId === id));
        return trusting.sentSamples === 1 && doubting.lastError !== null && { trusting, doubting };
      },
      30_000,
      "one to be sent, and one to fail",
    );
    assert.deepEqual([told.trusting.waitingBytes, told.doubting.sentSamples], [0, 0]);
    assert.match(told.doubting.lastError, /certificate/i);
    await waitFor(async () => (await store.samples("node_load1")).length === 1, 30_000, "the sample");
  });
}
