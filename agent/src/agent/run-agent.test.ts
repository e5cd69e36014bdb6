import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { after, test } from "node:test";
import type { AgentConfiguration, ScheduledCheck } from "@mycloud/protocol/agent";
import { createKey } from "../identity/index.ts";
import { createLogger } from "../logger/index.ts";
import { sleep } from "../retry-loop/index.ts";
import { defaultSpoolPolicy } from "../spool/index.ts";
import { agentPaths } from "../state-directory/index.ts";
import { readStatus } from "../status/index.ts";
import { prepareStateDirectory, runAgent } from "./run-agent.ts";
import { type FaultServer, startFaultServer } from "./testing/fault-server.ts";
import { testDirectory } from "./testing/test-directory.ts";

const check: ScheduledCheck = {
  serviceId: 11,
  serviceName: "load",
  command: "load",
  arguments: [],
  checkIntervalSeconds: 5,
  retryIntervalSeconds: 5,
  maxCheckAttempts: 3,
  timeoutSeconds: 5,
};
const configuration: AgentConfiguration = {
  hostId: 1,
  hostName: "web1",
  keepaliveIntervalSeconds: 30,
  checks: [check],
};

/** What a failed test left running. */
const leftovers: (() => unknown)[] = [];
after(async () => {
  for (const end of leftovers) await end();
});

async function startServer(port = 0): Promise<FaultServer> {
  const server = await startFaultServer(configuration, port);
  leftovers.push(server.stop);
  return server;
}

async function startAgent(url: string, directory = testDirectory()) {
  const paths = agentPaths(directory);
  await prepareStateDirectory(paths);
  const stopping = new AbortController();
  const lines: string[] = [];
  const done = runAgent({
    paths,
    identity: {
      agentId: "a1",
      hostId: 1,
      hostName: "web1",
      serverUrl: url,
      serverKeySha256: null,
      caFile: null,
      enrolledAtMs: 0,
      privateKey: createKey(),
    },
    serverUrl: url,
    version: "test",
    concurrency: 2,
    nrpe: null,
    metrics: { endpoint: null, textfileDirectory: null, without: [] },
    spoolPolicy: defaultSpoolPolicy,
    collectFacts: async () => ({ os: "linux" }),
    collectAddresses: async () => ["192.0.2.1"],
    patience: {
      backoff: { baseMs: 20, maximumMs: 200 },
      refusedBackoff: { baseMs: 400, maximumMs: 500 },
      random: Math.random,
      sleep,
    },
    logger: createLogger({ level: "info", format: "text", write: (line) => lines.push(line), now: Date.now }),
    now: Date.now,
    monotonicNow: () => performance.timeOrigin + performance.now(),
    signal: stopping.signal,
  });
  leftovers.push(() => stopping.abort());
  return {
    directory,
    paths,
    lines,
    async stop() {
      const startedAt = performance.now();
      stopping.abort();
      await done;
      return performance.now() - startedAt;
    },
  };
}

async function until(condition: () => boolean, what: string, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    assert.ok(performance.now() < deadline, `not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const checkNow = (server: FaultServer, id: number) =>
  server.send("command", { id, request: { kind: "check-now", serviceIds: [11] } });

test("an agent fetches its configuration, runs a check on command and reports the result", async () => {
  const server = await startServer();
  const agent = await startAgent(server.url);
  await until(() => server.streams() === 1 && agent.lines.join().includes("configuration in force"), "configured");
  checkNow(server, 1);
  await until(() => server.outcomes.length === 1, "acknowledged");
  assert.deepEqual(server.outcomes[0], {
    path: "commands/1/acknowledgement",
    body: { phase: "done", message: null, result: null },
  });
  const result = server.batches.flatMap((batch) => batch.results).find((item) => item.serviceId === 11);
  assert.match(result?.output ?? "", /^LOAD /);
  checkNow(server, 1);
  await until(() => server.outcomes.length === 2, "acknowledged again, without running again");
  assert.ok((await agent.stop()) < 3000);
  assert.equal((await readStatus(agent.paths.status))?.hostName, "web1");
  await server.stop();
});

test("while the control plane is away checks go on from the cached configuration, and everything is delivered in order", async () => {
  const first = await startServer();
  const port = Number(new URL(first.url).port);
  const before = await startAgent(first.url);
  await until(() => before.lines.join().includes("configuration in force"), "configured");
  await before.stop();
  await first.stop();

  const agent = await startAgent(first.url, before.directory);
  await until(() => readdirSync(agent.paths.spool).some((name) => name.endsWith(".json")), "spooled while away");
  const server = await startServer(port);
  await until(() => server.batches.length > 0, "delivered");
  const times = server.batches.flatMap((batch) => batch.results.map((item) => item.checkedAtMs));
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  await agent.stop();
  assert.deepEqual(readdirSync(agent.paths.spool), ["rejected"]);
  await server.stop();
});

test("a batch that the server calls invalid is set aside, and the next is delivered", async () => {
  const server = await startServer();
  let isFirst = true;
  server.fault = (path) => {
    if (path !== "check-results" || !isFirst) return undefined;
    isFirst = false;
    return { status: 400, body: '{"error":{"code":"MYCLOUD_INPUT","message":"no","isRetryable":false}}' };
  };
  const agent = await startAgent(server.url);
  await until(() => server.streams() === 1 && agent.lines.join().includes("configuration in force"), "configured");
  checkNow(server, 1);
  await until(() => readdirSync(join(agent.paths.spool, "rejected")).length === 1, "set aside");
  checkNow(server, 2);
  await until(() => server.batches.length === 1, "delivered");
  await agent.stop();
  assert.equal((await readStatus(agent.paths.status))?.rejectedBatches, 1);
  await server.stop();
});

test("an agent that is refused says so once, knocks rarely and keeps its results", async () => {
  const server = await startServer();
  const agent = await startAgent(server.url);
  await until(() => server.streams() === 1 && agent.lines.join().includes("configuration in force"), "configured");
  server.fault = () => ({
    status: 401,
    body: '{"error":{"code":"MYCLOUD_AUTHENTICATION","message":"this agent was revoked","isRetryable":false}}',
  });
  checkNow(server, 1);
  await until(() => agent.lines.join().includes("refuses this agent"), "said so");
  const before = server.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.ok(server.requests.length - before < 30, `${server.requests.length - before} requests in 1.5 s`);
  const refusals = agent.lines.filter((line) => line.includes("refuses this agent"));
  assert.equal(refusals.length, 1, refusals.join(""));
  assert.ok(readdirSync(agent.paths.spool).some((name) => name.endsWith(".json")));
  await agent.stop();
  await server.stop();
});

test("an agent with a silent server still stops in time, and comes back when told to wait", async () => {
  const server = await startServer();
  server.fault = () => "hang";
  const hanging = await startAgent(server.url);
  await until(() => server.requests.length >= 3, "asked");
  assert.ok((await hanging.stop()) < 3000);
  let refused = 0;
  server.fault = (path) => {
    if (path !== "stream" || refused > 0) return undefined;
    refused++;
    return { status: 429, headers: { "retry-after": "1" } };
  };
  const startedAt = performance.now();
  const agent = await startAgent(server.url);
  await until(() => server.streams() === 1, "connected");
  assert.ok(performance.now() - startedAt >= 1000);
  await agent.stop();
  await server.stop();
});

test("a command that the policy does not allow is refused, not run", async () => {
  const server = await startServer();
  const agent = await startAgent(server.url);
  writeFileSync(agent.paths.policy, "allow: [check-now]\n");
  await until(() => server.streams() === 1, "connected");
  server.send("command", { id: 9, request: { kind: "test-run", command: "load", arguments: [], timeoutSeconds: 5 } });
  await until(() => server.outcomes.length === 1, "acknowledged");
  assert.deepEqual(server.outcomes[0]?.body, {
    phase: "refused",
    message: "this host's policy does not allow test-run",
    result: null,
  });
  await agent.stop();
  await server.stop();
});

test("a new configuration is fetched when the control plane says so", async () => {
  const server = await startServer();
  const agent = await startAgent(server.url);
  await until(() => server.streams() === 1 && agent.lines.join().includes("configuration in force"), "configured");
  server.configuration = { ...configuration, checks: [] };
  server.etag = '"2"';
  server.send("configuration-changed", { etag: '"2"' });
  await until(() => agent.lines.join().includes("checks=0"), "changed");
  await agent.stop();
  await server.stop();
});
