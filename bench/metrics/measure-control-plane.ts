// What Prometheus costs the control plane: the states of a fleet scraped while nothing and while everything changed, what one host pushed, and what is to be
// scraped; and charts of a month, from SQL and from VictoriaMetrics.
//
//   node_modules/.bin/node bench/metrics/measure-control-plane.ts [--hosts 2000] [--services 10] [--rounds 15]
//
// Everything is in this process but VictoriaMetrics. Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { parseArgs } from "node:util";
import type { PerfdataQuery } from "@mycloud/protocol/perfdata";
import {
  createMetricsServer,
  createMetricsSource,
  createSqlSource,
  readPerfdata,
  rollUpNext,
} from "../../control-plane/src/perfdata/index.ts";
import { everything } from "../../control-plane/src/scope/index.ts";
import { startTestApp } from "../../control-plane/src/testing/index.ts";
import { startMetricsStore } from "../../test/peers/metrics-store.ts";
import { waitFor } from "../../test/support/index.ts";
import { createCleanup } from "../ingest/cleanup.ts";
import { describeMachine } from "../ingest/describe-machine.ts";

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "2000" },
    services: { type: "string", default: "10" },
    rounds: { type: "string", default: "15" },
  },
});
const [hosts, services, rounds] = [Number(values.hosts), Number(values.services), Number(values.rounds)];
if (![hosts, services, rounds].every((one) => one >= 1)) {
  console.error("measure-control-plane: every option takes a number above 0");
  process.exit(2);
}

interface Figure {
  readonly what: string;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

const cleanup = createCleanup();
try {
  const store = await startMetricsStore(cleanup, "victoria-metrics");
  const nowMs = Date.now();
  let clockMs = nowMs;
  const app = await startTestApp({ settings: { outgoingNetworks: ["127.0.0.1"] }, now: () => clockMs });
  cleanup.after(() => app.stop());
  const scopes = ["ingest", "ingest:register", "read"];
  const { token } = (await app.call("POST", "/api/v1/api-tokens", { body: { name: "bench", scopes } })).body;

  async function send(items: readonly unknown[]): Promise<void> {
    for (let at = 0; at < items.length; at += 5_000) {
      const part = items.slice(at, at + 5_000);
      const answer = await app.call("POST", "/api/v1/check-results", { token, body: part });
      if (answer.body.accepted !== part.length) throw new Error(answer.text.slice(0, 500));
    }
  }

  /** Every host has an agent that answers scrapes, as far as http_sd can tell. */
  async function addAgents(): Promise<void> {
    const { core } = app.app;
    if (core === null) throw new Error("the control plane has not started");
    const { db, dialect, transaction } = core.database;
    const ids = (await db.selectFrom("host").select("id").execute()).map(({ id }) => id);
    const status = JSON.stringify({ metrics: { port: 9273, scheme: "https" } });
    const rows = ids.map((id) => [`bench-${id}`, id, "{}", "1", nowMs, status]);
    const columns = ["id", "host_id", "public_key_json", "version", "enrolled_at_ms", "status_json"] as const;
    await transaction((tx) => dialect.insertMany(tx, "agent", columns, rows));
  }

  function fleet(round: number): unknown[] {
    const items: unknown[] = [];
    for (let host = 0; host < hosts; host++) {
      items.push({ host: `bench${host}`, returnCode: 0, output: "UP | rta=2ms" });
      for (let service = 0; service < services; service++) {
        const output = `fine | time=${round + service}ms;500;900 size=${host}KB used=${(host + round) % 100}%;80;95`;
        items.push({ host: `bench${host}`, service: `service${service}`, returnCode: 0, output });
      }
    }
    return items;
  }

  async function measure(what: string, path: string, before: () => Promise<void> = async () => {}): Promise<Figure> {
    const times: number[] = [];
    let bytes = 0;
    let cpuMs = 0;
    for (let round = 0; round <= rounds; round++) {
      await before();
      const cpu = process.cpuUsage();
      const startedAt = performance.now();
      const answer = await fetch(app.url + path, {
        headers: { authorization: `Bearer ${token}`, "accept-encoding": "identity" },
      });
      bytes = (await answer.arrayBuffer()).byteLength;
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
      // The first fills what is kept.
      if (round === 0) continue;
      times.push(performance.now() - startedAt);
      const { user, system } = process.cpuUsage(cpu);
      cpuMs += (user + system) / 1000 / rounds;
    }
    console.error(`${what}: ${median(times).toFixed(1)} ms`);
    return { what, medianMs: median(times), p99Ms: highest(times), cpuMs, bytes };
  }

  console.error(`${hosts} hosts with ${services} services each ...`);
  await send(fleet(0));
  await addAgents();
  let round = 0;
  const figures = [
    await measure("`/metrics/services`, nothing changed since the last", "/metrics/services"),
    await measure("`/metrics/services`, every service has a new result", "/metrics/services", () =>
      send(fleet(++round)),
    ),
    await measure("`/api/v1/prometheus/targets`", "/api/v1/prometheus/targets"),
  ];
  console.log(`${describeMachine()} ${hosts} hosts, ${hosts * services} services, median of ${rounds}:\n`);
  console.log("| scrape | median ms | slowest ms | processor ms | bytes |\n| --- | ---: | ---: | ---: | ---: |");
  for (const { what, medianMs, p99Ms, cpuMs, bytes } of figures) {
    console.log(`| ${what} | ${medianMs.toFixed(1)} | ${p99Ms.toFixed(1)} | ${cpuMs.toFixed(1)} | ${bytes} |`);
  }

  console.error("a week of one service ...");
  const made = await app.call("POST", "/api/v1/remote-writes", { body: { name: "vm", url: store.writeUrl } });
  if (made.status !== 200) throw new Error(made.text);
  const queue = async () => (await app.call("GET", "/api/v1/remote-write-queues")).body.data[0];
  await waitFor(async () => (await queue()) !== undefined, 10_000, "the remote write");
  const results = Array.from({ length: 7 * 24 * 60 - 60 }, (_, index) => {
    const checkedAtMs = nowMs - (7 * 24 * 60 - 60 - index) * 60_000;
    const output = `fine | time=${(200 + 100 * Math.sin(index / 50)).toFixed(2)}ms used=${index % 100}% in=${index * 600}c`;
    return { host: "charted", service: "http", returnCode: 0, output, checkedAtMs };
  });
  await send(results);
  await waitFor(async () => (await queue()).sentSamples >= 3 * results.length, 60_000, "all samples to be sent");
  const { core } = app.app;
  if (core === null) throw new Error("the control plane has not started");
  const { database } = core;
  clockMs += 120_000;
  while ((await rollUpNext(database, 5_000, clockMs)) > 0);
  const filter = encodeURIComponent(JSON.stringify({ q: "http" }));
  const found = (await app.call("GET", `/api/v1/services?filter=${filter}`)).body.data;
  const serviceId = found.find(({ hostName }: { hostName: string }) => hostName === "charted").id;
  const server = createMetricsServer({ url: store.url, passwordFile: null });
  const sources = { SQL: createSqlSource(database.db), VictoriaMetrics: createMetricsSource(database.db, server) };
  const { signal } = new AbortController();
  console.log("\n| chart of three labels | from | median ms | p99 ms |\n| --- | --- | ---: | ---: |");
  for (const hoursBack of [1, 24, 7 * 24]) {
    for (const [name, source] of Object.entries(sources)) {
      const times: number[] = [];
      const query: PerfdataQuery = { fromMs: nowMs - hoursBack * 3_600_000, untilMs: nowMs, points: 480 };
      for (let asked = 0; asked < 100; asked++) {
        const startedAt = performance.now();
        await readPerfdata(database.db, source, { scope: everything, serviceId, query, signal }, nowMs);
        times.push(performance.now() - startedAt);
      }
      const text = hoursBack === 1 ? "1 h" : hoursBack === 24 ? "24 h" : "7 d";
      console.log(`| ${text} | ${name} | ${median(times).toFixed(1)} | ${highest(times).toFixed(1)} |`);
    }
  }
} finally {
  await cleanup.run();
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** The 99th of a hundred; of fewer, the slowest. */
function highest(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? 0;
}
