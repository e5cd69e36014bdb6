// The agent's metrics beside Debian's node_exporter on the same machine: the same series of the same types with the same values, and ours besides;
// and a Prometheus that fetches them with a token which then changes.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type MetricFamily, type MetricSample, parseExposition } from "@mycloud/protocol/exposition";
import { z } from "zod";
import { NODE_EXPORTER_PROGRAM, startNodeExporter } from "../peers/node-exporter.ts";
import { requirePeer } from "../peers/peer.ts";
import { PROMETHEUS_PROGRAM, startPrometheus } from "../peers/prometheus.ts";
import { freePort, startUp, temporaryDirectory, waitFor } from "../support/index.ts";

/** What Prometheus answers to a query. */
const Query = z.object({ data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }) });

interface Scraped {
  readonly types: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, number>;
}

async function scrape(url: string, token?: string): Promise<Scraped> {
  const answer = await fetch(url, token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  // What Go writes of a dead collector's NaN aside, both are read strictly.
  const { families, fault } = parseExposition(text);
  assert.equal(fault, undefined);
  return {
    types: new Map(families?.map(({ name, type }) => [name, type])),
    values: new Map(families?.flatMap(({ samples }: MetricFamily) => samples.map((one) => [seriesOf(one), one.value]))),
  };
}

function seriesOf({ name, labels }: MetricSample): string {
  // A label without a value is no label.
  const pairs = Object.entries(labels).filter(([, value]) => value !== "");
  return name + JSON.stringify(pairs.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** node_exporter's own, and threads by their state, which nobody draws and every thread costs a file. */
const itsOwn = /^(go_|process_|promhttp_|node_exporter_|node_scrape_collector_|node_processes_threads_state)/;
/** Series that come and go with connections and processes. */
const comesAndGoes =
  /^(node_tcp_connection_states|node_processes_state|node_arp_entries|node_network_|node_filesystem_)/;
/** Figures that are another a moment later, or that we look at now and then. */
const moves =
  /^node_(memory_|load|procs_|processes_|sockstat_|filefd_|time_seconds|timex_|entropy_|udp_queues|nf_conntrack|netstat_Tcp_CurrEstab|tcp_|disk_io_now|filesystem_(avail|free|files)|textfile_mtime|arp_)/;

test("the agent tells what node_exporter tells of the same machine, and what is its own", {
  timeout: 300_000,
}, async (t) => {
  if (!requirePeer(t, NODE_EXPORTER_PROGRAM, "prometheus-node-exporter")) return;
  if (!requirePeer(t, PROMETHEUS_PROGRAM, "prometheus")) return;
  const directory = await temporaryDirectory("agent-metrics");
  const tokenFile = join(directory, "token");
  await writeFile(tokenFile, "the-first-token\n");
  const port = await freePort();
  const ours = `http://127.0.0.1:${port}/metrics`;
  const [exporter] = await Promise.all([
    startNodeExporter(t),
    startUp(t, {
      env: { MYCLOUD_AGENT_METRICS: `127.0.0.1:${port}`, MYCLOUD_AGENT_METRICS_TOKEN_FILE: tokenFile },
    }),
  ]);
  const withToken = () => scrape(ours, "the-first-token");
  await waitFor(async () => (await fetch(ours)).status === 401, 30_000, "the agent to tell metrics");

  const before = await withToken();
  const theirs = await scrape(exporter.url);
  const after = await withToken();
  const wrong: string[] = [];
  for (const [series, value] of theirs.values) {
    const name = series.slice(0, series.indexOf("["));
    if (itsOwn.test(name)) continue;
    const [low, high] = [before.values.get(series), after.values.get(series)].sort((a = 0, b = 0) => a - b);
    if (theirs.types.get(name) !== after.types.get(name) && after.types.has(name)) {
      wrong.push(`${name} is ${after.types.get(name)}, there ${theirs.types.get(name)}`);
    } else if (low === undefined || high === undefined) {
      if (!comesAndGoes.test(name)) wrong.push(`${series} is missing`);
    } else if (!moves.test(name) && !isBetween(low, value, high)) {
      wrong.push(`${series} is ${low} to ${high}, there ${value}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(theirs.values.size > 500, `${theirs.values.size} series compared`);
  for (const name of ["mycloud_agent_info", "mycloud_spool_batches", "process_cpu_seconds_total", "node_uname_info"]) {
    assert.ok(after.types.has(name), name);
  }
  await waitFor(async () => (await withToken()).types.has("mycloud_check_state"), 90_000, "a check's state");

  const prometheus = await startPrometheus(
    t,
    `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: agent
    authorization: { credentials_file: ${tokenFile} }
    static_configs: [{ targets: ["127.0.0.1:${port}"] }]
`,
    {},
  );
  const isUp = async (wanted: string) => {
    const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent("up{job='agent'}")}`);
    const body = Query.parse(await answer.json());
    return body.data.result[0]?.value[1] === wanted;
  };
  await waitFor(() => isUp("1"), 30_000, "Prometheus to fetch the agent's metrics");
  await writeFile(tokenFile, "another-token-from-now-on\n");
  assert.equal((await fetch(ours, { headers: { Authorization: "Bearer the-first-token" } })).status, 401);
  await waitFor(() => isUp("1"), 30_000, "Prometheus to be let in with the new token");
  await scrape(`${ours}?collect[]=cpu&collect[]=uname`, "another-token-from-now-on");
});

/** Some room for what Go rounds otherwise. */
function isBetween(low: number, value: number, high: number): boolean {
  if (Number.isNaN(value)) return Number.isNaN(low);
  const room = Math.max(1e-9, Math.abs(high) * 1e-9);
  return value >= low - room && value <= high + room;
}
