// What `mycloud export` writes, in a real Prometheus that scrapes a real control plane, agent and storage server: every query of every dashboard answers,
// and alerts come back without telling anybody twice.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createBusyWorld } from "../dashboards-world/index.ts";
import { requirePeer } from "../peers/peer.ts";
import { PROMETHEUS_PROGRAM, startPrometheus } from "../peers/prometheus.ts";
import { freePort, runMycloud, startUp, type TestUp, temporaryDirectory, waitFor } from "../support/index.ts";

/** What has no data here, and why: an expression that contains the text. */
const withoutData: Readonly<Record<string, string>> = {
  mycloud_backup_drills_total: "a drill comes at most once an hour",
  mycloud_backup_maintenance_runs_total: "what is to be tidied up has to be older than this test",
  mycloud_dns_zone_expires_timestamp_seconds: "no zone here is fetched from another name server",
  scrub_age_seconds: "the first scrub takes its time",
  ...(existsSync("/proc/pressure") ? {} : { node_pressure_: "this kernel does not tell pressure" }),
  ...(hasWholeDisk() ? {} : { node_disk_: "this machine has no disk that is no loop, memory or part of another" }),
  ...(hasNetwork() ? {} : { 'device!~"lo|veth.*"': "this machine has no network but loopback" }),
};

interface Query {
  readonly where: string;
  readonly expr: string;
}

/** Every expression of the exported dashboards. */
async function readQueries(directory: string): Promise<Query[]> {
  const queries: Query[] = [];
  for (const name of (await readdir(join(directory, "dashboards"))).sort()) {
    const dashboard = JSON.parse(await readFile(join(directory, "dashboards", name), "utf8"));
    for (const panel of dashboard.panels) {
      for (const target of panel.targets ?? []) {
        queries.push({ where: `${dashboard.uid}, ${panel.title}, ${target.refId}`, expr: target.expr });
      }
    }
  }
  return queries;
}

/** With Grafana's variables filled in, for each of the services. */
function filledIn(expr: string, host: string, services: readonly string[]): string[] {
  const written = expr
    .replaceAll("$__rate_interval", "15s")
    .replaceAll('"$host"', JSON.stringify(host))
    .replaceAll('"$instance"', '".*"');
  if (!written.includes('"$service"')) return [written];
  return services.map((service) => written.replaceAll('"$service"', JSON.stringify(service)));
}

async function ask(prometheus: string, expr: string): Promise<unknown[]> {
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const body: { status: string; error?: string; data?: { result: unknown[] } } = JSON.parse(await answer.text());
  assert.equal(body.status, "success", `${expr}: ${body.error}`);
  return body.data?.result ?? [];
}

async function must(up: TestUp, method: string, path: string, body: unknown, token?: string) {
  const answer = await up.api(method, path, { body, ...(token === undefined ? {} : { token }) });
  assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** As the dashboards choose them. */
function hasWholeDisk(): boolean {
  return /^ +\d+ +\d+ ([a-z]+|nvme\d+n\d+|mmcblk\d+) /m.test(readFileSync("/proc/diskstats", "utf8"));
}

function hasNetwork(): boolean {
  return readdirSync("/sys/class/net").some((name) => !/^(lo|veth.*)$/.test(name));
}

test("every query of the dashboards answers, and an alert about what MyCloud knows makes no second problem", {
  timeout: 290_000,
}, async (t) => {
  if (!requirePeer(t, PROMETHEUS_PROGRAM, "prometheus")) return;
  const agentMetrics = `127.0.0.1:${await freePort()}`;
  const nameServerMetrics = `127.0.0.1:${await freePort()}`;
  const busy = await createBusyWorld(t);
  const up = await startUp(t, {
    stateDir: busy.stateDir,
    storage: "127.0.0.1:0",
    env: { MYCLOUD_AGENT_METRICS: agentMetrics, MYCLOUD_DNS_METRICS: nameServerMetrics, ...busy.environment },
  });
  const hosts = await up.api("GET", "/api/v1/hosts");
  const [host]: string[] = hosts.body.data.map(({ name }: { name: string }) => name);
  assert.ok(host !== undefined);
  const token = (
    await must(up, "POST", "/api/v1/api-tokens", { name: "p", scopes: ["read", "ingest", "ingest:register"] })
  ).token;
  const logs = (await must(up, "POST", "/api/v1/api-tokens", { name: "l", scopes: ["logs"] })).token;
  const services = ["full", "slow", "busy"];
  const outputs = ["full | /=95%;80;90 free=1GB;2:;1: in=7c", "slow | time=2s;1;5", "busy | load=3;2;4 rate=9Bps;8;10"];
  const result = (service: string, index: number) => ({ host, service, returnCode: 2, output: outputs[index] });
  const send = () => must(up, "POST", "/api/v1/check-results", services.map(result), token);
  for (let attempt = 0; attempt < 3; attempt++) await send();
  await must(up, "POST", "/api/v1/logs", { host, message: "hello", severity: "info" }, logs);

  await busy.define(up, host);

  const place = await temporaryDirectory("exported");
  const tokenFile = join(place, "token");
  await writeFile(tokenFile, token);
  const exported = join(place, "prometheus");
  const instance = ["--state-dir", up.stateDir];
  const nameServerArgs = ["--name-server", `http://${nameServerMetrics}`];
  const prometheusArgs = ["--prometheus-token-file", tokenFile, "--interval", "1", ...nameServerArgs];
  for (const args of [
    ["prometheus", exported, ...prometheusArgs],
    ["grafana", join(place, "grafana")],
  ]) {
    const { code, stderr } = await runMycloud(["export", ...args, ...instance]);
    assert.equal(code, 0, stderr);
  }
  const again = await runMycloud(["export", "prometheus", exported, ...prometheusArgs, ...instance, "--json"]);
  assert.deepEqual([again.code, JSON.parse(again.stdout).removed], [0, []], again.stderr);

  // Nobody waits minutes here for what is bad already.
  const rules = (await readFile(join(exported, "rules/mycloud.yml"), "utf8")).replaceAll(/^( +for:) \S+$/gm, "$1 0s");
  const configuration = (await readFile(join(exported, "prometheus.yml"), "utf8"))
    .replaceAll("refresh_interval: 60s", "refresh_interval: 1s")
    .replace("rules/mycloud.yml", "mycloud.yml");
  const prometheus = await startPrometheus(t, configuration, { "mycloud.yml": rules });
  await waitFor(
    async () => (await ask(prometheus.url, `count by (job) (count_over_time(up[1m]) > 4)`)).length >= 5,
    40_000,
    `five jobs with samples\n${prometheus.log()}`,
  );
  await send();
  await busy.writeTo(up, `${prometheus.url}/api/v1/write`);

  await t.test("every target is scraped", async () => {
    const down = await ask(prometheus.url, "up == 0");
    assert.deepEqual(down, []);
  });

  await t.test("every expression answers with something, but for what cannot be here", async () => {
    const queries = await readQueries(join(place, "grafana"));
    assert.ok(queries.length > 120, `only ${queries.length}`);
    const watched = await up.api("GET", "/api/v1/services?perPage=500");
    const names = watched.body.data.map(({ name }: { name: string }) => name);
    const isEmpty = async ({ expr }: Query): Promise<boolean> => {
      const answers = await Promise.all(filledIn(expr, host, names).map((written) => ask(prometheus.url, written)));
      return answers.every((answer) => answer.length === 0);
    };
    const mayBeEmpty = ({ expr }: Query) => Object.keys(withoutData).some((text) => expr.includes(text));
    let empty = queries.filter((query) => !mayBeEmpty(query));
    // An agent begins its checks one after the other, and a rate needs two scrapes.
    const deadlineMs = Date.now() + 120_000;
    do {
      const left: Query[] = [];
      for (const query of empty) if (await isEmpty(query)) left.push(query);
      empty = left;
      if (empty.length > 0) await busy.goOn(up);
    } while (empty.length > 0 && Date.now() < deadlineMs);
    // What may be empty still has to be understood.
    for (const query of queries.filter(mayBeEmpty)) await isEmpty(query);
    assert.deepEqual(empty, []);
  });

  await t.test(
    "alerts about services that MyCloud watches arrive and are counted, and no service is made of them",
    async () => {
      const firing = () => ask(prometheus.url, `ALERTS{alertname="MyCloudServiceCritical",alertstate="firing"}`);
      await waitFor(async () => (await firing()).length >= services.length, 20_000, `alerts\n${prometheus.log()}`);
      const known = async () => {
        const text = await (await fetch(`${up.url}/metrics`)).text();
        return Number(/^mycloud_alerts_received_total\{outcome="known"\} (\d+)/m.exec(text)?.[1] ?? 0);
      };
      await waitFor(async () => (await known()) >= services.length, 20_000, `known alerts\n${prometheus.log()}`);
      const all = await up.api(
        "GET",
        `/api/v1/services?perPage=500&filter=${encodeURIComponent('{"q":"MyCloudService"}')}`,
      );
      assert.deepEqual(all.body.data, []);
      const problems = await up.api("GET", "/api/v1/problems?perPage=500");
      const names = problems.body.data.map(({ serviceName }: { serviceName: string }) => serviceName);
      for (const service of services) assert.equal(names.filter((name: string) => name === service).length, 1, service);
    },
  );
});
