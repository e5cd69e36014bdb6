import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { decodeJwt } from "jose";
import { newAgentKey, signToken } from "../agent/testing/agent-api.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";
import { lostMessage } from "./restore-watch.ts";

const snapshotId = "ab".repeat(32);
const plan = {
  creates: 1,
  replaces: 0,
  removes: 0,
  metadata: 0,
  unchanged: 5,
  conflicts: 0,
  bytesToWrite: 9,
  actions: [{ action: "create", path: "/home/a", sizeBytes: 9, reason: null }],
};

forEachDialect((dialect, open) => {
  describe("restore runs", () => {
    const clock = { offsetMs: 0 };
    const now = () => Date.now() + clock.offsetMs;
    let testApp: TestApp;
    let agentToken: () => string;
    let repositoryId = 0;

    before(async () => {
      if (dialect === "mariadb") await open();
      testApp = await startTestApp({ now, ...(dialect === "mariadb" ? { databaseUrl: open.location() } : {}) });
      const enrolment = await post("/api/v1/enrolment-tokens", { customer: "acme" });
      const key = newAgentKey();
      const request = { token: enrolment.body.token, hostName: "web1", agentVersion: "1", publicKey: key.publicKey };
      const enrolled = (await post("/api/v1/agent/enrol", request, null)).body;
      agentToken = () => signToken(key.privateKey, enrolled.agentId, now());
      const resources = [
        { kind: "StorageServer", name: "local", spec: { url: "http://127.0.0.1:8081/", isDefault: true } },
        { kind: "BackupPolicy", name: "home", spec: { selector: {}, paths: ["/home"] } },
      ];
      assert.equal((await post("/api/v1/apply", { resources })).status, 200);
      await eventually(async () => {
        repositoryId = (await get("/api/v1/backup-repositories")).body.data[0]?.id ?? 0;
        return repositoryId > 0;
      });
    });
    after(() => testApp.stop());

    const post = (path: string, body: unknown, token?: string | null) =>
      testApp.call("POST", path, { body, ...(token === undefined ? {} : { token }) });
    const get = (path: string) => testApp.call("GET", path);
    const about = () => ({ repositoryId, startedAtMs: now(), agentVersion: "1" });

    async function eventually(isSo: () => Promise<boolean>): Promise<void> {
      for (let left = 600; left > 0; left--) {
        if (await isSo()) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.fail("not within a minute");
    }

    async function ask(request: object = {}) {
      const asked = await post(`/api/v1/backup-repositories/${repositoryId}/restores`, {
        kind: "checkout",
        snapshotId,
        paths: ["/home/a"],
        ...request,
      });
      assert.equal(asked.status, 201, asked.text);
      return asked.body;
    }
    const credentials = (runId: string) =>
      post(`/api/v1/agent/restore-runs/${runId}/credentials`, about(), agentToken());
    const show = async (id: number) => (await get(`/api/v1/restore-runs/${id}`)).body;

    it("are asked for by people, and what is asked for comes to the agent with a token for the repository alone", async () => {
      const run = await ask();
      assert.deepEqual([run.phase, run.hostName, run.request.kind, run.plan], ["waiting", "web1", "checkout", null]);
      const { status, body, text } = await credentials(run.runId);
      assert.equal(status, 200, text);
      const claims = decodeJwt(body.token);
      assert.deepEqual([claims.repository, claims.verbs], ["acme/web1/home", ["read", "append"]]);
      assert.deepEqual(body.request.paths, ["/home/a"]);
      const audit = (await get("/api/v1/audit-entries?perPage=100")).text;
      assert.ok(audit.includes("restore-run.create") && audit.includes("/home/a"));
      assert.ok(!audit.includes(body.password));
    });

    it("show plan and progress while they go on, and their end counts once", async () => {
      const run = await ask({ kind: "rollback" });
      await credentials(run.runId);
      const progress = { ...about(), phase: "restoring", filesDone: 1, filesTotal: 2, currentPath: "/home/a" };
      const path = `/api/v1/agent/restore-runs/${run.runId}/progress`;
      const told = await post(path, { ...progress, plan, safetySnapshotId: snapshotId }, agentToken());
      assert.equal(told.status, 204, told.text);
      const shown = await show(run.id);
      assert.deepEqual(
        [shown.phase, shown.currentPath, shown.plan.creates, shown.safetySnapshotId],
        ["restoring", "/home/a", 1, snapshotId],
      );
      const filter = encodeURIComponent(JSON.stringify({ isUnderWay: true, repositoryId }));
      const [listed] = (await get(`/api/v1/restore-runs?filter=${filter}`)).body.data;
      assert.deepEqual([listed.id, listed.plan.creates, listed.plan.actions], [run.id, 1, []]);
      const end = {
        runId: run.runId,
        ...about(),
        phase: "done",
        finishedAtMs: now(),
        filesDone: 2,
        filesTotal: 2,
        plan: { ...plan, creates: 0 },
        errorCount: 1,
        errors: [{ item: "/home/b", during: "owner", message: "EPERM" }],
      };
      const answers = [];
      for (const _ of [1, 2])
        answers.push((await post("/api/v1/agent/restore-runs", end, agentToken())).body.isDuplicate);
      assert.deepEqual(answers, [false, true]);
      const ended = await show(run.id);
      assert.deepEqual(
        [ended.phase, ended.plan.creates, ended.currentPath, ended.errors],
        ["done", 1, null, end.errors],
      );
      assert.equal((await credentials(run.runId)).status, 409);
      assert.equal((await post(`/api/v1/restore-runs/${run.id}/cancel`, undefined)).status, 409);
    });

    it("of conflicts, the last plan is the answer", async () => {
      const run = await ask();
      await credentials(run.runId);
      await post(
        `/api/v1/agent/restore-runs/${run.runId}/progress`,
        { ...about(), phase: "planning", plan },
        agentToken(),
      );
      const end = {
        runId: run.runId,
        ...about(),
        phase: "conflicts",
        finishedAtMs: now(),
        plan: { ...plan, conflicts: 3 },
      };
      await post("/api/v1/agent/restore-runs", end, agentToken());
      const ended = await show(run.id);
      assert.deepEqual([ended.phase, ended.plan.conflicts], ["conflicts", 3]);
    });

    it("that nobody has taken are cancelled at once, and the agent that comes late is told", async () => {
      const run = await ask();
      const cancelled = await post(`/api/v1/restore-runs/${run.id}/cancel`, undefined);
      assert.deepEqual([cancelled.status, cancelled.body.phase], [200, "cancelled"]);
      assert.equal((await credentials(run.runId)).status, 409);
    });

    it("of another host or repository are no agent's business", async () => {
      const run = await ask();
      const wrong = { ...about(), repositoryId: repositoryId + 1 };
      const path = `/api/v1/agent/restore-runs/${run.runId}/credentials`;
      assert.equal((await post(path, wrong, agentToken())).status, 400);
      const unknown = crypto.randomUUID();
      assert.equal((await credentials(unknown)).status, 400);
      const outcome = { runId: unknown, ...about(), phase: "done", finishedAtMs: now() };
      assert.equal((await post("/api/v1/agent/restore-runs", outcome, agentToken())).status, 400);
    });

    it("need a directory to restore to, and only then", async () => {
      const path = `/api/v1/backup-repositories/${repositoryId}/restores`;
      for (const body of [
        { kind: "restore", snapshotId },
        { kind: "rollback", snapshotId, targetDirectory: "/tmp/x" },
        { kind: "checkout", snapshotId: "latest" },
        { kind: "checkout", snapshotId, paths: ["home"] },
      ]) {
        assert.equal((await post(path, body)).status, 400, JSON.stringify(body));
      }
    });

    it("that a machine does not take in time have failed, and say why; its own word counts all the same", async () => {
      const run = await ask();
      clock.offsetMs += 6 * 60_000;
      await eventually(async () => (await show(run.id)).phase === "failed");
      assert.match((await show(run.id)).message, /did not take it within five minutes/);
      const end = { runId: run.runId, ...about(), phase: "done", finishedAtMs: now() };
      assert.equal((await post("/api/v1/agent/restore-runs", end, agentToken())).body.isDuplicate, false);
      assert.equal((await show(run.id)).phase, "done");
    });
  });
});

it("a run is lost when its agent refuses it, or for a day says nothing", () => {
  const waiting = { started_at_ms: null, heard_at_ms: 1_000, command_phase: "delivered", command_message: null };
  assert.equal(lostMessage(waiting, 2_000), null);
  const refused = {
    ...waiting,
    command_phase: "refused",
    command_message: "this host's policy does not allow restore",
  };
  assert.equal(lostMessage(refused, 2_000), "this host's policy does not allow restore");
  assert.equal(lostMessage({ ...refused, started_at_ms: 1_500 }, 2_000), null);
  assert.match(lostMessage({ ...waiting, started_at_ms: 1_500 }, 90_000_000) ?? "", /for a day/);
});
