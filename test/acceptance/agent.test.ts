import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { AgentResultBatch } from "@mycloud/protocol/agent";
import { freePort } from "../support/free-port.ts";
import type { MycloudProcess, TestServer } from "../support/index.ts";
import {
  cleanupOfSuite,
  runMycloud,
  startMycloud,
  startServer,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

describe("the agent", () => {
  const cleanup = cleanupOfSuite();
  let server: TestServer;

  before(async () => {
    server = await startServer(cleanup);
    await server.api("POST", "/api/v1/checks", {
      body: {
        name: "agent test load",
        command: "load",
        selector: { labels: { "agent-test": "yes" } },
        checkIntervalSeconds: 5,
        retryIntervalSeconds: 5,
      },
    });
  });

  async function createToken(input: Record<string, unknown> = {}): Promise<string> {
    const created = await server.api("POST", "/api/v1/enrolment-tokens", {
      body: { labels: { "agent-test": "yes" }, ...input },
    });
    assert.equal(created.status, 201, JSON.stringify(created.body));
    return created.body.token;
  }

  async function enrolHost(hostName: string): Promise<string> {
    const stateDir = await temporaryDirectory("agent");
    const { code, stderr } = await runMycloud(
      ["agent", "enrol", "--server", server.url, "--state-dir", stateDir, "--host-name", hostName],
      { env: { MYCLOUD_ENROLMENT_TOKEN: await createToken() } },
    );
    assert.equal(code, 0, stderr);
    return stateDir;
  }

  function startAgent(stateDir: string): MycloudProcess {
    const agent = startMycloud(["agent", "run", "--state-dir", stateDir]);
    cleanup.after(async () => {
      await agent.stop();
    });
    return agent;
  }

  async function resultsOf(
    hostName: string,
  ): Promise<{ checkedAtMs: number; receivedAtMs: number; serviceId: number }[]> {
    const filter = encodeURIComponent(JSON.stringify({ hostName, serviceName: "agent test load" }));
    const { body } = await server.api("GET", `/api/v1/check-results?perPage=1000&sort=id&order=ASC&filter=${filter}`);
    return body.data;
  }

  const spooled = (stateDir: string) =>
    readdirSync(join(stateDir, "agent/spool"))
      .filter((name) => name.endsWith(".json"))
      .sort()
      .flatMap(
        (name) => AgentResultBatch.parse(JSON.parse(readFileSync(join(stateDir, "agent/spool", name), "utf8"))).results,
      );

  test("a wrong, used or bound token is refused with exit code 77, an unreachable server with 69, an enrolled host with 79", async () => {
    const stateDir = await temporaryDirectory("agent");
    const enrol = (token: string, hostName: string, url = server.url, directory = stateDir) => {
      const file = join(stateDir, "token");
      writeFileSync(file, `${token}\n`);
      const where = ["--server", url, "--state-dir", directory, "--token-file", file, "--host-name", hostName];
      return runMycloud(["agent", "enrol", ...where]);
    };
    const wrong = await enrol("mce_wrong", "agent-a");
    assert.equal(wrong.code, 77);
    assert.match(wrong.stderr, /^mycloud: this enrolment token is unknown/);
    const bound = await enrol(await createToken({ hostName: "db1" }), "agent-a");
    assert.equal(bound.code, 77);
    assert.match(bound.stderr, /for the host "db1"/);
    const away = await enrol("mce_x", "agent-a", `http://127.0.0.1:${await freePort()}`);
    assert.equal(away.code, 69);
    const token = await createToken();
    assert.equal((await enrol(token, "agent-a")).code, 0);
    const again = await enrol(await createToken(), "agent-a");
    assert.equal(again.code, 79);
    assert.match(again.stderr, /already enrolled as agent-a/);
    const used = await enrol(token, "agent-b", server.url, await temporaryDirectory("agent"));
    assert.equal(used.code, 77);
    assert.match(used.stderr, /has been used already/);
  });

  test("an agent that is not enrolled, and a second one on the same state directory, say so and end", async () => {
    const empty = await runMycloud(["agent", "run", "--state-dir", await temporaryDirectory("agent")]);
    assert.equal(empty.code, 78);
    assert.match(empty.stderr, /^mycloud: this host is not enrolled/);
    const stateDir = await enrolHost("agent-twice");
    const first = startAgent(stateDir);
    await waitFor(() => first.stderr().includes("configuration in force"), 15_000, "the first agent");
    const second = await runMycloud(["agent", "run", "--state-dir", stateDir]);
    assert.equal(second.code, 71);
    assert.deepEqual(await first.stop(), { code: 0, signal: null });
  });

  test("the host is UP and its checks report within seconds", async () => {
    const stateDir = await enrolHost("agent-up");
    startAgent(stateDir);
    const host = await waitFor(
      async () => {
        const { body } = await server.api("GET", `/api/v1/hosts?filter=${encodeURIComponent('{"name":"agent-up"}')}`);
        return body.data[0]?.state === "UP" && body.data[0];
      },
      20_000,
      "the host UP",
    );
    assert.equal(host.agent.isRevoked, false);
    await waitFor(async () => (await resultsOf("agent-up")).length > 0, 20_000, "a result");
    const status = await runMycloud(["agent", "status", "--state-dir", stateDir, "--json"]);
    assert.equal(JSON.parse(status.stdout).isRunning, true);
  });

  test("results of an outage survive kill -9 of both sides, and arrive in order, once each", {
    timeout: 300_000,
  }, async () => {
    const stateDir = await enrolHost("agent-outage");
    const first = startAgent(stateDir);
    await waitFor(async () => (await resultsOf("agent-outage")).length > 0, 20_000, "a first result");
    const before = await resultsOf("agent-outage");
    await server.kill("SIGKILL");
    const [{ serviceId } = { serviceId: 0 }] = before;
    const ownSpooled = () => spooled(stateDir).filter((result) => result.serviceId === serviceId);
    await waitFor(() => ownSpooled().length >= 2, 30_000, "spooled results");
    first.kill("SIGKILL");
    await first.ended;
    const kept = spooled(stateDir);
    assert.ok(kept.length >= 2);
    // Started without the control plane: it goes on from its cached configuration.
    startAgent(stateDir);
    await waitFor(() => spooled(stateDir).length > kept.length, 30_000, "more results while away");
    await server.start();
    await waitFor(() => spooled(stateDir).length === 0, 60_000, "everything delivered");
    const stored = await resultsOf("agent-outage");
    const times = stored.map((result) => result.checkedAtMs);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
      "in order",
    );
    assert.equal(new Set(times).size, times.length, "once each");
    // The host has the default checks as well.
    const own = kept.filter((result) => result.serviceId === stored[0]?.serviceId);
    assert.ok(own.length > 0);
    for (const { checkedAtMs } of own) assert.ok(times.includes(checkedAtMs), `${checkedAtMs} arrived`);
    const { body } = await server.api("GET", `/api/v1/hosts?filter=${encodeURIComponent('{"name":"agent-outage"}')}`);
    assert.equal(body.data[0].state, "UP");
  });

  test("a revoked agent says so, keeps running and is let in no more", { timeout: 300_000 }, async () => {
    const stateDir = await enrolHost("agent-revoked");
    const agent = startAgent(stateDir);
    await waitFor(() => agent.stderr().includes("connected to the control plane"), 20_000, "connected");
    const { agentId } = JSON.parse(readFileSync(join(stateDir, "agent/identity.json"), "utf8"));
    const revoked = await server.api("POST", `/api/v1/agents/${agentId}/revoke`);
    assert.equal(revoked.status, 200);
    await waitFor(() => agent.stderr().includes("refuses this agent"), 20_000, "the agent says so");
    const status = await waitFor(
      async () => {
        const run = await runMycloud(["agent", "status", "--state-dir", stateDir]);
        return run.stdout.includes("refused") && run;
      },
      20_000,
      "the status says so",
    );
    assert.equal(status.code, 1);
    assert.match(status.stdout, /refused: this agent was revoked/);
  });
});
