// Debian's Prometheus sends its alerts to us, an Alertmanager its webhook, and amtool takes us for an Alertmanager.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { requirePeer } from "../peers/peer.ts";
import {
  ALERTMANAGER_PROGRAM,
  AMTOOL_PROGRAM,
  PROMETHEUS_PROGRAM,
  runAmtool,
  startAlertmanager,
  startPrometheus,
} from "../peers/prometheus.ts";
import { createApi, startServer, type TestServer, temporaryDirectory, waitFor } from "../support/index.ts";

const timeout = 60_000;

async function stateOf({ api }: TestServer, host: string, service: string) {
  const filter = encodeURIComponent(JSON.stringify({ q: service }));
  const { body } = await api("GET", `/api/v1/services?filter=${filter}&perPage=100`);
  const found = body.data.find(
    (one: { hostName: string; name: string }) => one.hostName === host && one.name === service,
  );
  return found === undefined ? undefined : { state: found.state, output: found.output };
}

test("an alert of Prometheus is a service's state until it is resolved", { timeout }, async (t) => {
  if (!requirePeer(t, PROMETHEUS_PROGRAM, "prometheus")) return;
  const server = await startServer(t);
  const rules = (expression: string) => `
groups:
  - name: test
    interval: 1s
    rules:
      - alert: HighLoad
        expr: ${expression}
        labels: { severity: warning, instance: "web1:9100", device: sda }
        annotations: { summary: "load is {{ $value }}" }
`;
  const { url, directory, log } = await startPrometheus(
    t,
    `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - scheme: http
      basic_auth: { username: mycloud, password: ${server.operatorToken} }
      static_configs: [{ targets: ["127.0.0.1:${server.port}"] }]
`,
    { "rules.yml": rules("vector(9)") },
  );
  const firing = await waitFor(() => stateOf(server, "web1", "HighLoad device:sda"), 20_000, `the alert\n${log()}`);
  assert.deepEqual(firing, { state: "WARNING", output: "load is 9" });
  const alerts = await server.api("GET", "/api/v2/alerts?filter=alertname%3DHighLoad");
  assert.equal(alerts.body[0].status.state, "active");
  assert.match(alerts.body[0].generatorURL, /\/graph\?/);

  await writeFile(join(directory, "rules.yml"), rules("vector(9) > 10"));
  await fetch(`${url}/-/reload`, { method: "POST" });
  const resolved = await waitFor(
    async () => {
      const now = await stateOf(server, "web1", "HighLoad device:sda");
      return now?.state === "OK" && now;
    },
    25_000,
    `the end of the alert\n${log()}`,
  );
  assert.equal(resolved.output, "resolved: load is 9");
});

test("amtool shows alerts, and adds, shows, updates and expires silences that are downtimes", {
  timeout,
}, async (t) => {
  if (!requirePeer(t, AMTOOL_PROGRAM, "prometheus-alertmanager")) return;
  const server = await startServer(t);
  const { api, url, operatorToken } = server;
  const home = await temporaryDirectory("amtool");
  // Where Debian's amtool looks; upstream's: .config/amtool/config.yml.
  await mkdir(join(home, ".config", "prometheus"), { recursive: true });
  const address = url.replace("http://", `http://mycloud:${operatorToken}@`);
  await writeFile(
    join(home, ".config", "prometheus", "amtool.yml"),
    `alertmanager.url: ${address}\nauthor: dora\noutput: simple\n`,
  );
  const amtool = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runAmtool(home, ...args);
    assert.equal(code, 0, stderr + stdout);
    return stdout.trim();
  };
  const labels = { alertname: "HighLoad", instance: "web1:9100", severity: "warning", job: "node" };
  const sent = await api("POST", "/api/v2/alerts", { body: [{ labels, annotations: { summary: "busy" } }] });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  await amtool("alert", "add", "Slow", "host=web2", "severity=critical", "--annotation=summary=slow");
  assert.deepEqual(await stateOf(server, "web2", "Slow"), { state: "CRITICAL", output: "slow" });
  assert.match(await amtool("alert", "query"), /HighLoad[\s\S]*busy[\s\S]*|Slow/);
  assert.match(await amtool("alert", "query", "--active", "alertname=~High.*"), /HighLoad +\S+ \S+ UTC +busy +active/);

  const id = await amtool(
    "silence",
    "add",
    "alertname=HighLoad",
    'job=~"no.*"',
    "--duration=1h",
    "--author=dora",
    "--comment=work",
  );
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.match(await amtool("silence", "query"), new RegExp(`${id} .*HighLoad.* dora +work`));
  const [downtime] = (await api("GET", "/api/v1/downtimes")).body.data;
  assert.deepEqual(downtime.selector, { hosts: ["web1"], services: ["HighLoad"] });
  assert.equal(downtime.phase, "active");
  assert.doesNotMatch(await amtool("alert", "query", "--active"), /HighLoad/);
  assert.match(await amtool("alert", "query", "--silenced"), /HighLoad/);

  await amtool("silence", "update", "--duration=2h", "--comment=longer", id);
  const changed = (await api("GET", `/api/v1/downtimes/${downtime.id}`)).body;
  assert.equal(changed.comment, "longer");
  assert.ok(Math.abs(changed.endAtMs - (downtime.startAtMs + 2 * 3_600_000)) < 60_000);
  await amtool("silence", "expire", id);
  assert.equal((await api("GET", `/api/v1/downtimes/${downtime.id}`)).body.phase, "cancelled");
  assert.match(await amtool("silence", "query", "--expired"), new RegExp(id));

  const refused = await runAmtool(home, "silence", "add", "alertname=host", "--duration=1h", "--comment=x");
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /a downtime of a host keeps its services quiet too/);
  const planned = await api("POST", "/api/v1/downtimes", {
    body: { selector: { hosts: ["web2"] }, startAtMs: Date.now(), endAtMs: Date.now() + 3_600_000, comment: "cables" },
  });
  assert.equal(planned.status, 200);
  assert.match(await amtool("silence", "query", "host=web2"), /cables/);
  assert.match(await amtool("config", "show"), /receivers:/);
});

test("an Alertmanager's webhook makes services of what it notifies of", { timeout }, async (t) => {
  if (!requirePeer(t, ALERTMANAGER_PROGRAM, "prometheus-alertmanager")) return;
  const server = await startServer(t);
  const { url, log } = await startAlertmanager(
    t,
    `
route: { receiver: mycloud, group_wait: 1s, group_interval: 1s, repeat_interval: 1h, group_by: [alertname] }
receivers:
  - name: mycloud
    webhook_configs:
      - url: ${server.url}/api/v1/webhooks/alertmanager
        send_resolved: true
        http_config: { authorization: { type: Bearer, credentials: ${server.operatorToken} } }
`,
  );
  const post = async (alert: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/api/v2/alerts`, { method: "POST", headers, body: JSON.stringify([alert]) });
    assert.equal(answer.status, 200);
  };
  const alert = { labels: { alertname: "Down", host: "db1" }, annotations: { summary: "db1 is down" } };
  await post(alert);
  const firing = await waitFor(() => stateOf(server, "db1", "Down"), 20_000, `the webhook\n${log()}`);
  assert.deepEqual(firing, { state: "CRITICAL", output: "db1 is down" });
  const own = await server.api("GET", "/api/v2/alerts?filter=host%3Ddb1");
  const theirs = await createApi(url, null)("GET", "/api/v2/alerts");
  assert.equal(own.body[0].fingerprint, theirs.body[0].fingerprint);
  await post({ ...alert, endsAt: new Date().toISOString() });
  await waitFor(async () => (await stateOf(server, "db1", "Down"))?.state === "OK", 20_000, `its end\n${log()}`);
});
