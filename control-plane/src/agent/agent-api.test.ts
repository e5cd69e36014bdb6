import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { findLogPipeline } from "../log-pipeline/index.ts";
import { isPresent, saveDepartures } from "./presence.ts";
import { type AgentApi, batchFor, enrol, keepalive, newAgentKey, startAgentApi } from "./testing/agent-api.ts";

forEachDialect((_dialect, open) => {
  let database: ConnectedDatabase;
  let api: AgentApi;

  before(async () => {
    database = await open();
    await database.db
      .insertInto("check_definition")
      .values({
        name: "load",
        service_name: null,
        command: "load",
        arguments_json: '["-H","$HOSTADDRESS$","$_HOSTROLE$"]',
        selector_json: '{"labels":{"role":"*"}}',
        check_interval_seconds: 60,
        retry_interval_seconds: 30,
        max_check_attempts: 3,
        timeout_seconds: 10,
        is_flap_detection_enabled: 1,
        low_flap_percent: 20,
        high_flap_percent: 30,
        is_enabled: 1,
        notes: "",
        created_at_ms: 1,
        updated_at_ms: 1,
      })
      .execute();
    api = await startAgentApi(database);
  });
  after(() => api.stop());

  async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await condition())) {
      assert.ok(Date.now() < deadline, `in time: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  const hostState = (hostId: number) =>
    database.db.selectFrom("host_state").selectAll().where("host_id", "=", hostId).executeTakeFirstOrThrow();

  it("a host enrols with its labels, gets the checks they select, and its macros are replaced", async () => {
    const agent = await enrol(api, "web1", { labels: { role: "web" }, groups: ["www"] });
    assert.equal(agent.answer.status, 200);
    const { status, body, headers } = await api.call("GET", "agent/configuration", agent.token());
    assert.equal(status, 200);
    assert.equal(body.hostName, "web1");
    assert.deepEqual(body.checks[0].arguments, ["-H", "web1", "web"]);
    const etag = headers.get("etag") ?? "";
    const again = await api.call("GET", "agent/configuration", agent.token(), undefined, { "if-none-match": etag });
    assert.equal(again.status, 304);
    const audit = await database.db
      .selectFrom("audit_entry")
      .select("action")
      .where("resource_name", "=", "web1")
      .execute();
    assert.deepEqual(
      audit.map((entry) => entry.action),
      ["agent.enrol"],
    );
  });

  it("a token is used once, also when two race for it", async () => {
    const created = await api.call("POST", "enrolment-tokens", "mc_operator", {});
    const enrolAs = (hostName: string) => {
      const { publicKey } = newAgentKey();
      return api.call("POST", "agent/enrol", null, {
        token: created.body.token,
        hostName,
        agentVersion: "1",
        publicKey,
      });
    };
    const answers = await Promise.all(["race1", "race2", "race3"].map(enrolAs));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 401, 401]);
    const hosts = await database.db.selectFrom("host").select("name").where("name", "like", "race%").execute();
    assert.equal(hosts.length, 1);
    assert.match((await enrolAs("race4")).body.error.message, /has been used already/);
    const shown = await api.call("GET", `enrolment-tokens/${created.body.id}`, "mc_operator");
    assert.equal(shown.body.phase, "used");
    assert.equal(shown.body.usedByHostName, hosts[0]?.name);
    assert.equal("token" in shown.body, false);
  });

  it("unknown, expired, revoked and foreign tokens are refused with the reason", async () => {
    const unknown = await enrol(api, "x1");
    assert.match(
      (await api.call("POST", "agent/enrol", null, { ...unknown.request, token: "mce_no", hostName: "x2" })).body.error
        .message,
      /unknown/,
    );
    const bound = await enrol(api, "other", { hostName: "db1" });
    assert.equal(bound.answer.status, 403);
    assert.match(bound.answer.body.error.message, /for the host "db1", not for "other"/);
    const revocable = await api.call("POST", "enrolment-tokens", "mc_operator", {});
    await api.call("POST", `enrolment-tokens/${revocable.body.id}/revoke`, "mc_operator");
    const { publicKey } = newAgentKey();
    const request = { token: revocable.body.token, hostName: "x3", agentVersion: "1", publicKey };
    assert.match((await api.call("POST", "agent/enrol", null, request)).body.error.message, /revoked/);
    const expiring = await api.call("POST", "enrolment-tokens", "mc_operator", { lifetimeSeconds: 60 });
    api.clock.offsetMs = 61_000;
    const late = await api.call("POST", "agent/enrol", null, { ...request, token: expiring.body.token });
    api.clock.offsetMs = 0;
    assert.match(late.body.error.message, /expired/);
    assert.equal(
      await database.db.selectFrom("host").where("name", "in", ["x2", "x3", "other"]).select("id").executeTakeFirst(),
      undefined,
    );
  });

  it("a host that is watched already is taken over only with a token bound to it, and its old agent is out", async () => {
    const first = await enrol(api, "taken1");
    const stranger = await enrol(api, "taken1");
    assert.equal(stranger.answer.status, 409);
    const foreign = await enrol(api, "taken1", { customer: "acme", hostName: "taken1" });
    assert.equal(foreign.answer.status, 409);
    const second = await enrol(api, "taken1", { hostName: "taken1" });
    assert.equal(second.answer.status, 200);
    assert.equal(second.hostId, first.hostId);
    assert.equal((await api.call("GET", "agent/configuration", first.token())).status, 401);
    assert.equal((await api.call("GET", "agent/configuration", second.token())).status, 200);
  });

  it("tokens of the wrong key, audience, agent or time are refused", async () => {
    const agent = await enrol(api, "auth1");
    const other = await enrol(api, "auth2");
    const ask = async (token: string) => (await api.call("GET", "agent/configuration", token)).status;
    const seconds = Math.floor(Date.now() / 1000);
    assert.equal(await ask(agent.token()), 200);
    assert.equal(await ask(agent.token({ aud: "other" })), 401);
    assert.equal(await ask(agent.token({ iss: other.agentId })), 401);
    assert.equal(await ask(agent.token({ exp: seconds + 3600 })), 401);
    assert.equal(await ask(agent.token({ iat: seconds - 200, exp: seconds - 140 })), 401);
    assert.equal(await ask(agent.token({ iat: seconds + 30, exp: seconds + 90 })), 401);
    const [header, payload] = agent.token().split(".");
    assert.equal(await ask(`${header}.${payload}.${other.token().split(".")[2]}`), 401);
    const none = Buffer.from(JSON.stringify({ alg: "none", kid: agent.agentId })).toString("base64url");
    assert.equal(await ask(`${none}.${payload}.`), 401);
    assert.equal((await api.call("GET", "agent/configuration", "mc_operator")).status, 403);
  });

  it("a batch is stored once, however often it arrives, and another host's services are dropped", async () => {
    const agent = await enrol(api, "batch1", { labels: { role: "web" } });
    const other = await enrol(api, "batch2", { labels: { role: "web" } });
    const own = (await api.call("GET", "agent/configuration", agent.token())).body.checks[0].serviceId;
    const foreign = (await api.call("GET", "agent/configuration", other.token())).body.checks[0].serviceId;
    const batch = batchFor([own, foreign, 999_999]);
    const send = () => api.call("POST", "agent/check-results", agent.token(), batch);
    assert.deepEqual((await send()).body, { accepted: 1, dropped: 2, isDuplicate: false });
    assert.deepEqual((await send()).body, { accepted: 1, dropped: 2, isDuplicate: true });
    const stored = await database.db
      .selectFrom("check_result")
      .selectAll()
      .where("service_id", "in", [own, foreign])
      .execute();
    assert.equal(stored.length, 1);
    const malformed = await api.call("POST", "agent/check-results", agent.token(), { batchId: "x", results: [{}] });
    assert.equal(malformed.status, 400);
  });

  it("a keepalive turns the host UP, moves its deadline and tells the time", async () => {
    const agent = await enrol(api, "alive1");
    assert.equal((await hostState(agent.hostId)).has_been_checked, 0);
    const before = Date.now();
    const { body } = await api.call("POST", "agent/keepalive", agent.token(), keepalive({ sentAtMs: before - 5000 }));
    assert.ok(Math.abs(body.receivedAtMs - before) < 2000);
    await until(async () => (await hostState(agent.hostId)).has_been_checked === 1, "checked");
    const first = await hostState(agent.hostId);
    assert.equal(first.state, 0);
    assert.ok((first.overdue_at_ms ?? 0) > before + 60_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await api.call("POST", "agent/keepalive", agent.token(), keepalive());
    await until(async () => ((await hostState(agent.hostId)).overdue_at_ms ?? 0) > (first.overdue_at_ms ?? 0), "moved");
    const row = await database.db
      .selectFrom("agent")
      .selectAll()
      .where("id", "=", agent.agentId)
      .executeTakeFirstOrThrow();
    assert.ok((row.last_seen_at_ms ?? 0) >= before);
    const results = await database.db
      .selectFrom("check_result")
      .select("id")
      .where("host_id", "=", agent.hostId)
      .execute();
    assert.equal(results.length, 1);
  });

  it("what a keepalive tells of the host's logs is kept, and customers do not see the operator's addresses in it", async () => {
    const agent = await enrol(api, "logging1");
    assert.equal(await findLogPipeline(database.db, { kind: "all" }, agent.hostId), null);
    const counts = { restarts: 0, sources: 2, lagBytes: 10, lines: 7, records: 6, parseFailures: 0, filtered: 0 };
    const destination = { chunks: 1, bytes: 5, maximumBytes: 9, oldestAtMs: 3, shippedRecords: 5, droppedRecords: 0 };
    const logs = {
      ...{ isRunning: true, startedAtMs: 1, fault: null, suppressed: 0, redacted: 0, lost: 0, ...counts },
      ...{ notices: [], refused: 0, polledDirectories: 0, patternTimeouts: 0 },
      faultySources: [{ name: "app", fault: "EACCES: /var/log/app" }],
      destinations: [
        { ...destination, name: "d", refusedRecords: 0, isConnected: false, lastError: "ECONNREFUSED 192.0.2.9" },
      ],
    };
    const tell = (told: object) => api.call("POST", "agent/keepalive", agent.token(), keepalive({ logs: told }));
    assert.equal((await tell({ ...logs, lines: -1 })).status, 400);
    assert.equal((await tell(logs)).status, 200);
    const operators = () => findLogPipeline(database.db, { kind: "all" }, agent.hostId);
    await until(async () => (await operators()) !== null, "written");
    const { reportedAtMs, ...told } = (await operators()) ?? {};
    assert.ok((reportedAtMs ?? 0) > 0);
    assert.deepEqual(told, logs);
    const shown = await findLogPipeline(database.db, { kind: "customer", customer: "acme" }, agent.hostId);
    assert.doesNotMatch(JSON.stringify(shown), /ECONNREFUSED|192\.0\.2|EACCES/);
    assert.equal(shown?.destinations[0]?.isConnected, false);
  });

  it("facts become labels, and with them checks, without touching what an operator wrote", async () => {
    const agent = await enrol(api, "facts1");
    const facts = { role: "db", os: "linux" };
    const configuration = async () => (await api.call("GET", "agent/configuration", agent.token())).body;
    assert.equal((await configuration()).checks.length, 0);
    const answer = await api.call("POST", "agent/keepalive", agent.token(), keepalive({ facts }));
    assert.equal(answer.status, 200);
    assert.deepEqual((await configuration()).checks[0].arguments, ["-H", "facts1", "db"]);
  });

  it("a revoked agent is refused at once and its stream ends", async () => {
    const agent = await enrol(api, "revoked1");
    const stream = await fetch(`${api.url}/api/v1/agent/stream`, {
      headers: { authorization: `Bearer ${agent.token()}` },
    });
    assert.equal(stream.status, 200);
    const ended = stream.text();
    assert.equal((await api.call("POST", `agents/${agent.agentId}/revoke`, "mc_viewer")).status, 403);
    assert.equal((await api.call("POST", `agents/${agent.agentId}/revoke`, "mc_acme")).status, 404);
    const revoked = await api.call("POST", `agents/${agent.agentId}/revoke`, "mc_operator");
    assert.equal(revoked.body.isRevoked, true);
    await ended;
    const refused = await api.call("POST", "agent/keepalive", agent.token(), keepalive());
    assert.equal(refused.status, 401);
    assert.match(refused.body.error.message, /was revoked/);
  });

  it("a command reaches the agent's stream, is delivered again until answered, and keeps its first outcome", async () => {
    const agent = await enrol(api, "command1", { labels: { role: "web" } });
    const serviceId: number = (await api.call("GET", "agent/configuration", agent.token())).body.checks[0].serviceId;
    const asked = await api.call("POST", "check-now", "mc_operator", { serviceIds: [serviceId, 999_999], hostIds: [] });
    assert.deepEqual(asked.body.done, [{ hostId: null, serviceId }]);
    assert.equal(asked.body.refused[0].message, "there is no such service");
    const read = async () => {
      const ending = new AbortController();
      const stream = await fetch(`${api.url}/api/v1/agent/stream`, {
        headers: { authorization: `Bearer ${agent.token()}` },
        signal: ending.signal,
      });
      let text = "";
      const decoder = new TextDecoder();
      for await (const part of stream.body ?? []) {
        text += decoder.decode(part);
        if (/data: \{.*\n/.test(text)) break;
      }
      ending.abort();
      return JSON.parse(/data: (\{.*)\n/.exec(text)?.[1] ?? "null");
    };
    const command = await read();
    assert.deepEqual(command.request, { kind: "check-now", serviceIds: [serviceId] });
    assert.deepEqual(await read(), command);
    const outcome = { phase: "done", message: null, result: null };
    const path = `agent/commands/${command.id}/acknowledgement`;
    const other = await enrol(api, "command2");
    assert.equal((await api.call("POST", path, other.token(), outcome)).status, 404);
    assert.equal((await api.call("POST", path, agent.token(), outcome)).status, 204);
    assert.equal((await api.call("POST", path, agent.token(), { ...outcome, phase: "failed" })).status, 204);
    const shown = await api.call("GET", `agent-commands/${command.id}`, "mc_viewer");
    assert.equal(shown.body.phase, "done");
    assert.equal((await api.call("GET", `agent-commands/${command.id}`, "mc_acme")).status, 404);
  });

  it("a test run is refused where no agent runs, and its result is shown where one does", async () => {
    const agent = await enrol(api, "testrun1");
    const request = { hostId: agent.hostId, command: "load", arguments: ["-w", "5"] };
    assert.equal(
      (await api.call("POST", "checks/test-run", "mc_operator", { ...request, hostId: 999_999 })).status,
      404,
    );
    const command = await api.call("POST", "checks/test-run", "mc_operator", request);
    assert.equal(command.status, 201);
    assert.equal(command.body.phase, "queued");
    const result = {
      returnCode: 1,
      output: "LOAD WARNING",
      longOutput: "",
      perfdata: "load1=6",
      executionTimeSeconds: 0.1,
    };
    const path = `agent/commands/${command.body.id}/acknowledgement`;
    await api.call("POST", path, agent.token(), { phase: "done", message: null, result });
    assert.deepEqual((await api.call("GET", `agent-commands/${command.body.id}`, "mc_operator")).body.result, result);
    await api.call("POST", `agents/${agent.agentId}/revoke`, "mc_operator");
    assert.equal((await api.call("POST", "checks/test-run", "mc_operator", request)).status, 409);
  });

  it("a customer's operator makes tokens for that customer only, and sees no others", async () => {
    const created = await api.call("POST", "enrolment-tokens", "mc_acme", {});
    assert.equal(created.body.customer, "acme");
    assert.equal((await api.call("POST", "enrolment-tokens", "mc_acme", { customer: "zeta" })).status, 403);
    assert.equal((await api.call("POST", "enrolment-tokens", "mc_viewer", {})).status, 403);
    const listed = await api.call("GET", 'enrolment-tokens?filter={"phase":"waiting"}', "mc_acme");
    const customers: string[] = listed.body.data.map((token: { customer: string }) => token.customer);
    assert.deepEqual([...new Set(customers)], ["acme"]);
  });
});

forEachDialect((_dialect, open) => {
  it("a storm of streams is admitted at the set rate, with Retry-After, while keepalives always pass", async () => {
    const api = await startAgentApi(await open(), { perSecond: 1, burst: 2, maximumWaitSeconds: 30 });
    const agent = await enrol(api, "storm1");
    const ending = new AbortController();
    const headers = { authorization: `Bearer ${agent.token()}` };
    const streams = await Promise.all(
      Array.from({ length: 6 }, () => fetch(`${api.url}/api/v1/agent/stream`, { headers, signal: ending.signal })),
    );
    const refused = streams.filter((stream) => stream.status === 429);
    assert.equal(refused.length, 4);
    assert.deepEqual(
      refused.map((stream) => Number(stream.headers.get("retry-after"))).sort((a, b) => a - b),
      [1, 2, 3, 4],
    );
    assert.equal((await api.call("POST", "agent/keepalive", agent.token(), keepalive())).status, 200);
    ending.abort();
    await api.stop();
  });
});

forEachDialect((_dialect, open) => {
  it("an agent whose stream ends and does not come back is gone soon, and is there again with its next word", async (t) => {
    const database = await open();
    const api = await startAgentApi(database, undefined, 300);
    let isStopped = false;
    t.after(async () => {
      if (!isStopped) await api.stop();
    });
    const agent = await enrol(api, "gone1");
    const told: (readonly number[] | null)[] = [];
    api.changes.subscribe((type, ids) => {
      if (type === "machines") told.push(ids);
    });
    const presence = () =>
      database.db
        .selectFrom("agent")
        .select(["last_seen_at_ms", "away_since_ms"])
        .where("id", "=", agent.agentId)
        .executeTakeFirstOrThrow();
    const becomes = async (expected: boolean, timesTold: number) => {
      const deadline = Date.now() + 60_000;
      while (isPresent(await presence(), api.now()) !== expected || told.length < timesTold) {
        assert.ok(Date.now() < deadline, `in time: ${expected ? "there" : "gone"}, ${told.length} times told`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    };
    const headers = { authorization: `Bearer ${agent.token()}` };
    const openStream = async () => {
      const ending = new AbortController();
      const stream = await fetch(`${api.url}/api/v1/agent/stream`, { headers, signal: ending.signal });
      assert.equal(stream.status, 200);
      // One that nobody reads is closed when it is collected as garbage.
      stream.text().catch(() => undefined);
      return () => ending.abort();
    };
    const speak = () => api.call("POST", "agent/keepalive", agent.token(), keepalive());
    const first = await openStream();
    await speak();
    await becomes(true, 1);
    assert.deepEqual(told, [[agent.hostId]]);
    // A connection that is replaced within the grace is no departure.
    first();
    const second = await openStream();
    await new Promise((resolve) => setTimeout(resolve, 900));
    assert.deepEqual([(await presence()).away_since_ms, told.length], [null, 1]);
    second();
    await becomes(false, 2);
    assert.deepEqual(told, [[agent.hostId], [agent.hostId]]);
    await speak();
    await becomes(true, 3);
    // Whoever was heard of since, by another control plane, is not gone.
    const { last_seen_at_ms: seenAtMs } = await presence();
    assert.deepEqual(await saveDepartures(database, new Map([[agent.hostId, (seenAtMs ?? 0) - 1]])), []);
    assert.deepEqual(await saveDepartures(database, new Map([[agent.hostId, seenAtMs ?? 0]])), [agent.hostId]);
    await speak();
    await becomes(true, 4);
    // A control plane that stops says of nobody that they are gone.
    await openStream();
    isStopped = true;
    await api.stop();
    assert.ok(isPresent(await presence(), api.now()));
  });
});
