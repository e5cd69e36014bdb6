// Debian's Prometheus finds what to scrape by http_sd and scrapes it: agents over TLS with a token that changes, hosts that push, the control plane.
import assert from "node:assert/strict";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { z } from "zod";
import { requirePeer } from "../peers/peer.ts";
import { PROMETHEUS_PROGRAM, startPrometheus } from "../peers/prometheus.ts";
import { freePort, makeCertificates, startInstance, temporaryDirectory, waitFor } from "../support/index.ts";

const timeout = 120_000;

const Vector = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

test("Prometheus discovers agents, hosts that push and the control plane, through a restart and a change of tokens", {
  timeout,
}, async (t) => {
  if (!requirePeer(t, PROMETHEUS_PROGRAM, "prometheus")) return;
  const directory = await temporaryDirectory("scraped");
  const certificate = makeCertificates(directory, ["agent"]);
  const agentTokens = join(directory, "agent-tokens");
  await writeFile(agentTokens, "first-agent-token\n", { mode: 0o600 });
  const metricsPort = await freePort();
  const mycloud = await startInstance(t, {
    env: {
      MYCLOUD_AGENT_METRICS: `127.0.0.1:${metricsPort}`,
      MYCLOUD_AGENT_METRICS_CERT: certificate("agent.pem"),
      MYCLOUD_AGENT_METRICS_KEY: certificate("agent.key"),
      MYCLOUD_AGENT_METRICS_TOKEN_FILE: agentTokens,
    },
  });
  const { api, url } = mycloud;
  const makeToken = async (name: string) => {
    const { body } = await api("POST", "/api/v1/api-tokens", { body: { name, scopes: ["read"] } });
    return { id: body.id, token: body.token };
  };
  const first = await makeToken("prometheus");
  const host = await waitFor(
    async () => (await api("GET", "/api/v1/hosts")).body.data.find((each: { name: string }) => each.name !== "alerts"),
    30_000,
    "this host",
  );
  const labelled = await api("PUT", `/api/v1/hosts/${host.id}`, {
    body: { ...host, address: "127.0.0.1", labels: { ...host.labels, role: "web" } },
  });
  assert.equal(labelled.status, 200, JSON.stringify(labelled.body));
  const targets = async (via: string) => (await api("GET", `/api/v1/prometheus/targets?via=${via}`)).body;
  await waitFor(async () => (await targets("agent")).length === 1, 60_000, "the agent to tell where it answers");

  const job = (name: string, via: string, credentials: string, more = "") => `
  - job_name: ${name}
    authorization: { credentials_file: ${credentials} }
    http_sd_configs:
      - url: ${url}/api/v1/prometheus/targets?via=${via}
        refresh_interval: 1s
        authorization: { credentials_file: control-plane-token }
${more}`;
  const tls = `    tls_config: { ca_file: ${certificate("ca.pem")}, server_name: agent.example.org, insecure_skip_verify: true }\n`;
  const prometheus = await startPrometheus(
    t,
    `global: { scrape_interval: 2s, scrape_timeout: 2s }
scrape_configs:${job("agents", "agent", "agent-token", tls)}${job("pushed", "pushed", "control-plane-token")}${job("mycloud", "control-plane", "control-plane-token")}`,
    { "control-plane-token": first.token, "agent-token": "first-agent-token" },
  );
  const ask = async (query: string) => {
    const answer = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query })}`);
    return Vector.parse(await answer.json()).data.result;
  };
  const until = (query: string, what: string) =>
    waitFor(
      async () => {
        const found = await ask(query);
        return found.length > 0 && found;
      },
      20_000,
      what,
    ).catch(async (cause: unknown) => {
      const found = await (await fetch(`${prometheus.url}/api/v1/targets`)).text();
      throw new Error(`${what}: ${found}\n${prometheus.log().slice(-6_000)}`, { cause });
    });
  const [scraped] = await until(`up{job="agents",instance="${host.name}"} == 1`, "the agent to be scraped");
  assert.equal(scraped?.metric.mycloud_label_role, "web");
  await until(`node_uname_info{instance="${host.name}"}`, "node_exporter's names");
  await until('count(up{job="mycloud"} == 1) == 2', "the control plane");
  await until(`mycloud_service_state{host="${host.name}"}`, "states of services");

  // Tokens of both are changed in their files: nobody is restarted.
  await writeFile(agentTokens, "second-agent-token\n");
  const second = await makeToken("prometheus two");
  const write = async (name: string, text: string) => {
    await writeFile(join(prometheus.directory, `${name}.new`), text);
    await rename(join(prometheus.directory, `${name}.new`), join(prometheus.directory, name));
  };
  await until(`up{job="agents"} == 0`, "the old token to be refused");
  await write("agent-token", "second-agent-token");
  await write("control-plane-token", second.token);
  assert.equal((await api("DELETE", `/api/v1/api-tokens/${first.id}`)).status, 200);
  await until(`up{job="agents"} == 1`, "the new token to be taken");

  const before = await mycloud.pidOf("agent");
  process.kill(before, "SIGKILL");
  await until(
    `up{job="agents"} == 1 and on(instance) changes(process_start_time_seconds{job="agents"}[1m]) > 0`,
    "the agent to be back",
  );

  // It pushes now: scraped from the control plane, and at the agent no more.
  const push = await api("POST", "/api/v1/metrics-pushes", { body: { name: "all", intervalSeconds: 5 } });
  assert.equal(push.status, 200);
  await until(`node_uname_info{job="pushed",instance="${host.name}"}`, "what was pushed");
  await until('absent(up{job="agents"})', "the agent to be a target no more");
});
