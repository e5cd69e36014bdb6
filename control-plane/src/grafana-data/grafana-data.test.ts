import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { GrafanaAnnotation, GrafanaAnswer, GrafanaRow } from "@mycloud/protocol/grafana-data";
import { newAgentKey, signToken } from "../agent/testing/agent-api.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

forEachDialect((dialect, open) => {
  describe("the data endpoint for Grafana", () => {
    let testApp: TestApp;
    let readToken = "";
    let otherToken = "";
    const startedAtMs = Date.now() - 60_000;
    const range = { from: new Date(startedAtMs - 3_600_000).toISOString(), to: new Date(startedAtMs + 3_600_000) };

    before(async () => {
      if (dialect === "mariadb") await open();
      testApp = await startTestApp(dialect === "mariadb" ? { databaseUrl: open.location() } : {});
      const tokenOf = async (name: string, customer: string | null, scopes: string[]) =>
        (await must("POST", "/api/v1/api-tokens", { name, scopes, customer })).token;
      readToken = await tokenOf("grafana", null, ["read"]);
      otherToken = await tokenOf("other", "other", ["read"]);
      const enrolment = await must("POST", "/api/v1/enrolment-tokens", { customer: "acme" });
      const key = newAgentKey();
      const request = { token: enrolment.token, hostName: "web1", agentVersion: "1", publicKey: key.publicKey };
      const { agentId } = (await testApp.call("POST", "/api/v1/agent/enrol", { token: null, body: request })).body;
      await must("POST", "/api/v1/apply", {
        resources: [
          { kind: "StorageServer", name: "local", spec: { url: "http://127.0.0.1:8081/", isDefault: true } },
          {
            kind: "BackupPolicy",
            name: "home",
            spec: { selector: {}, paths: ["/home"], objectives: { rpoSeconds: 3600 } },
          },
        ],
      });
      await backUp(signToken(key.privateKey, agentId, Date.now()));
      const result = { host: "web1", service: "disk", returnCode: 2, output: "DISK CRITICAL" };
      for (let attempt = 0; attempt < 3; attempt++) await must("POST", "/api/v1/check-results", [result]);
      const lines = [
        { time: new Date().toISOString(), host: "web1", service: "sshd", severity: "error", message: "no such user" },
        { time: new Date().toISOString(), host: "web1", service: "cron", severity: "info", message: "job done" },
      ];
      const body = lines.map((line) => JSON.stringify(line)).join("\n");
      const sent = await testApp.call("POST", "/api/v1/logs", {
        token: await tokenOf("sender", null, ["logs"]),
        body,
        headers: { "content-type": "application/x-ndjson" },
      });
      assert.equal(sent.status, 200, sent.text);
    });
    after(() => testApp.stop());

    async function must(method: string, path: string, body: unknown) {
      const answer = await testApp.call(method, path, { body });
      assert.ok(answer.status < 300, answer.text);
      return answer.body;
    }

    /** One run from its beginning to its end, once the host has its repository. */
    async function backUp(token: string) {
      const deadlineMs = Date.now() + 60_000;
      let repositories: { id: number }[] = [];
      while (repositories.length === 0 && Date.now() < deadlineMs) {
        repositories = (await testApp.call("GET", "/api/v1/backup-repositories")).body.data;
        if (repositories.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const runId = randomUUID();
      const about = { repositoryId: repositories[0]!.id, trigger: "schedule", startedAtMs, agentVersion: "1" };
      const credentials = { token, body: about };
      assert.equal(
        (await testApp.call("POST", `/api/v1/agent/backup-runs/${runId}/credentials`, credentials)).status,
        200,
      );
      const body = { runId, ...about, phase: "failed", finishedAtMs: startedAtMs + 5_000, message: "no space left" };
      assert.equal((await testApp.call("POST", "/api/v1/agent/backup-runs", { token, body })).status, 200);
    }

    const ask = async (path: string, body: unknown, token = readToken) =>
      await testApp.call("POST", `/api/v1/grafana${path}`, { token, body });
    const list = async (path: string, token = readToken) =>
      await testApp.call("GET", `/api/v1/grafana${path}`, { token });
    const query = async (target: string, more: object = {}, token?: string) => {
      const body = { range, intervalMs: 60_000, maxDataPoints: 60, targets: [{ target, refId: "B", ...more }] };
      const { status, body: answer, text } = await ask("/query", body, token);
      assert.equal(status, 200, text);
      return GrafanaAnswer.parse(answer);
    };

    it("takes a token as a bearer and as the password of basic authentication, and a test of the connection", async () => {
      assert.equal((await list("")).status, 200);
      const authorization = `Basic ${Buffer.from(`grafana:${readToken}`).toString("base64")}`;
      const basic = await testApp.call("GET", "/api/v1/grafana/", { token: null, headers: { authorization } });
      assert.equal(basic.status, 200);
      assert.equal((await testApp.call("GET", "/api/v1/grafana", { token: null })).status, 401);
    });

    it("names what can be asked for, and the hosts in scope", async () => {
      const names = (await ask("/search", { target: "" })).body;
      assert.ok(names.includes("log-histogram") && names.includes("problems"));
      assert.deepEqual((await ask("/search", { target: "hosts" })).body, ["web1"]);
      assert.deepEqual((await ask("/variable", { payload: { target: "hosts" } })).body, [
        { __text: "web1", __value: "web1" },
      ]);
      assert.deepEqual((await ask("/metrics", {})).body[0], { label: "problems", value: "problems" });
    });

    it("answers problems and backup objectives as tables whose rows fit their columns", async () => {
      const [problems] = await query("problems");
      assert.ok(problems !== undefined && "rows" in problems);
      assert.equal(problems.refId, "B");
      const of = (name: string) => problems.columns.findIndex(({ text }) => text === name);
      const disk = problems.rows.find((row) => row[of("service")] === "disk");
      assert.deepEqual([disk?.[of("host")], disk?.[of("state")]], ["web1", "CRITICAL"]);
      assert.match(String(disk?.[of("url")]), /\/#\/services\/\d+\/show$/);
      const [objectives] = await query("backup-objectives: web1");
      assert.ok(objectives !== undefined && "rows" in objectives && objectives.rows.length === 1);
      for (const { columns, rows } of [problems, objectives]) {
        for (const row of rows) assert.equal(row.length, columns.length);
      }
      const [nobody] = await query("backup-objectives: nobody");
      assert.ok(nobody !== undefined && "rows" in nobody && nobody.rows.length === 0);
    });

    it("answers counts and log histograms as lines, and refuses what it does not have", async () => {
      const counts = await query("problem-counts");
      assert.deepEqual(
        counts.map((series) => "target" in series && [series.target, (series.datapoints[0]?.[0] ?? 0) > 0]),
        [
          ["unhandled", true],
          ["handled", false],
        ],
      );
      const lines = await query("log-histogram", { payload: { query: "host:web1 severity>=error" } });
      assert.equal(lines.length, 1);
      const [errors] = lines;
      assert.ok(errors !== undefined && "target" in errors && errors.target === "err");
      assert.equal(
        errors.datapoints.reduce((sum, [count]) => sum + (count ?? 0), 0),
        1,
      );
      assert.ok(errors.datapoints.length <= 60);
      const body = { range, targets: [{ target: "weather" }] };
      const refused = await ask("/query", body);
      assert.equal(refused.status, 400);
      assert.match(refused.text, /there is no target \\"weather\\"; there are problems/);
      assert.equal((await ask("/query", { range, targets: [{ target: "logs: (" }] })).status, 400);
    });

    it("answers rows of logs to both shapes, newest first and no more than asked for", async () => {
      const [table] = await query("logs: host:web1 service:sshd");
      assert.ok(table !== undefined && "rows" in table);
      assert.equal(table.rows[0]?.[table.columns.findIndex(({ text }) => text === "message")], "no such user");
      const from = startedAtMs - 60_000;
      const rows = (await list(`/logs?query=host:web1&from=${from}&to=${startedAtMs + 600_000}&limit=1`)).body;
      assert.equal(rows.length, 1);
      assert.equal(GrafanaRow.parse(rows[0]).host, "web1");
      const bins = (await list(`/log-histogram?query=host:web1&from=${from}&to=${startedAtMs + 600_000}&bins=10`)).body;
      assert.equal(
        bins.reduce((sum: number, bin: { count: number }) => sum + bin.count, 0),
        2,
      );
      assert.equal((await list("/logs?limit=100000")).status, 400);
    });

    it("answers changes of state and backups as annotations, oldest first, of one host or of one kind", async () => {
      const { body, text } = await ask("/annotations", { range, annotation: { name: "what happened", query: "" } });
      const all = GrafanaAnnotation.array().parse(body);
      assert.ok(
        all.some(({ title }) => title.startsWith("web1 disk: ")),
        text,
      );
      assert.deepEqual(
        all.map(({ time }) => time),
        all.map(({ time }) => time).toSorted((a, b) => a - b),
      );
      assert.equal(body[0].annotation.name, "what happened");
      const backups = (await list("/annotations?kinds=backup&host=web1")).body;
      assert.deepEqual(backups, [
        {
          time: startedAtMs,
          timeEnd: startedAtMs + 5_000,
          isRegion: true,
          title: "web1: backup home failed",
          text: "no space left",
          tags: ["backup", "web1", "failed"],
        },
      ]);
      assert.deepEqual((await list("/annotations?host=nobody")).body, []);
      assert.equal((await ask("/annotations", { range, annotation: { query: "weather" } })).status, 400);
    });

    it("shows nothing of another customer", async () => {
      for (const path of ["/problems", "/backup-objectives", "/logs", "/annotations"]) {
        assert.ok((await list(path)).body.length > 0, path);
        assert.deepEqual((await list(path, otherToken)).body, [], path);
      }
      assert.deepEqual((await list("/annotations?host=web1", otherToken)).body, []);
      assert.deepEqual((await ask("/search", { target: "hosts" }, otherToken)).body, []);
      assert.deepEqual(await query("log-histogram", {}, otherToken), []);
    });
  });
});
