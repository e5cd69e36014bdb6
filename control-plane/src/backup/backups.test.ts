import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { decodeJwt } from "jose";
import { newAgentKey, signToken } from "../agent/testing/agent-api.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

describe("backups by policy", () => {
  const clock = { offsetMs: 0 };
  const now = () => Date.now() + clock.offsetMs;
  let testApp: TestApp;
  let agentToken: () => string;
  let hostId = 0;

  before(async () => {
    testApp = await startTestApp({ now });
    const enrolment = await post("/api/v1/enrolment-tokens", { customer: "acme" });
    const key = newAgentKey();
    const request = { token: enrolment.body.token, hostName: "web1", agentVersion: "1", publicKey: key.publicKey };
    const enrolled = (await post("/api/v1/agent/enrol", request, null)).body;
    hostId = enrolled.hostId;
    agentToken = () => signToken(key.privateKey, enrolled.agentId, now());
    await apply([
      { kind: "StorageServer", name: "local", spec: { url: "http://127.0.0.1:8081/", isDefault: true } },
      {
        kind: "BackupPolicy",
        name: "home",
        spec: { selector: {}, paths: ["/home"], objectives: { rpoSeconds: 3600 }, quotaBytes: 1000 },
      },
    ]);
  });
  after(() => testApp.stop());

  const post = (path: string, body: unknown, token?: string | null) =>
    testApp.call("POST", path, { body, ...(token === undefined ? {} : { token }) });
  const get = (path: string, token?: string) => testApp.call("GET", path, token === undefined ? {} : { token });

  async function apply(resources: object[], prune: string[] = []) {
    const answer = await post("/api/v1/apply", { resources, prune });
    assert.equal(answer.status, 200, answer.text);
  }

  /** Asks again until the answer is as it should be, or ten seconds are over. */
  async function eventually<T>(ask: () => Promise<T>, isRight: (value: T) => boolean): Promise<T> {
    for (let left = 100; ; left--) {
      const value = await ask();
      if (isRight(value) || left === 0) return value;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  const repositories = async () => (await get("/api/v1/backup-repositories")).body.data;
  const services = async (): Promise<Record<string, { state: string; output: string; perfdata: string }>> => {
    const { data } = (await get(`/api/v1/services?filter=${JSON.stringify({ hostId })}`)).body;
    const own = data.filter(({ name }: { name: string }) => name.startsWith("backup-"));
    return Object.fromEntries(own.map((service: { name: string }) => [service.name, service]));
  };
  const identity = (repositoryId: number) => ({
    repositoryId,
    trigger: "schedule",
    startedAtMs: now(),
    agentVersion: "1",
  });
  const snapshotId = "ab".repeat(32);

  /** A run from its beginning to its end. */
  async function run(outcome: object) {
    const [{ id }] = await repositories();
    const runId = randomUUID();
    const about = identity(id);
    const begun = await post(`/api/v1/agent/backup-runs/${runId}/credentials`, about, agentToken());
    assert.equal(begun.status, 200, begun.text);
    const end = { runId, ...about, phase: "done", finishedAtMs: now(), ...outcome };
    const ended = await post("/api/v1/agent/backup-runs", end, agentToken());
    assert.equal(ended.status, 200, ended.text);
    return { runId, about, end };
  }

  it("give a host a repository, a job in its agent's configuration, and services", async () => {
    const [repository] = await eventually(repositories, (rows) => rows.length > 0);
    assert.equal(repository.path, "acme/web1/home");
    assert.equal(repository.freshness, "OK");
    const configuration = (await get("/api/v1/agent/configuration", agentToken())).body;
    assert.equal(configuration.backupJobs[0].repositoryId, repository.id);
    assert.deepEqual(configuration.backupJobs[0].paths, ["/home"]);
    assert.ok(!("selector" in configuration.backupJobs[0]));
    assert.deepEqual(Object.keys(await services()).sort(), [
      "backup-change home",
      "backup-freshness home",
      "backup-quota home",
      "backup-run home",
      "backup-verify home",
    ]);
    const exported = (await get("/api/v1/export")).body.resources;
    assert.deepEqual(
      exported.filter(({ kind }: { kind: string }) => kind === "Service"),
      [],
    );
  });

  it("a run gets a token for its repository alone, and the same password each time, which is nowhere in clear", async () => {
    const [{ id }] = await repositories();
    const runId = randomUUID();
    const credentials = async () =>
      (await post(`/api/v1/agent/backup-runs/${runId}/credentials`, identity(id), agentToken())).body;
    const first = await credentials();
    assert.equal(first.location, "rest:http://127.0.0.1:8081/acme/web1/home/");
    const claims = decodeJwt(first.token);
    assert.deepEqual(
      [claims.aud, claims.repository, claims.verbs, claims.quotaBytes],
      ["mycloud-storage", "acme/web1/home", ["read", "append"], 1000],
    );
    assert.ok(Number(claims.exp) * 1000 <= now() + 15 * 60_000);
    const second = await credentials();
    assert.equal(second.password, first.password);
    assert.ok(first.password.length >= 40);
    for (const path of ["/api/v1/backup-repositories", "/api/v1/audit-entries", "/api/v1/backup-runs"]) {
      assert.ok(!(await get(path)).text.includes(first.password), path);
    }
  });

  it("progress shows while it runs, and the end counts once", async () => {
    const [{ id }] = await repositories();
    const runId = randomUUID();
    const about = identity(id);
    await post(`/api/v1/agent/backup-runs/${runId}/credentials`, about, agentToken());
    const progress = { ...about, phase: "backing-up", filesDone: 3, filesTotal: 9, bytesDone: 10, bytesTotal: 90 };
    const told = await post(
      `/api/v1/agent/backup-runs/${runId}/progress`,
      { ...progress, isTotalKnown: true, currentPaths: ["/home/a"] },
      agentToken(),
    );
    assert.equal(told.status, 204, told.text);
    const underWay = await get(`/api/v1/backup-runs?filter=${JSON.stringify({ isUnderWay: true })}`);
    const shown = underWay.body.data.find((row: { runId: string }) => row.runId === runId);
    assert.equal(shown.phase, "backing-up");
    assert.deepEqual(shown.progress.currentPaths, ["/home/a"]);
    const end = {
      runId,
      ...about,
      phase: "done",
      finishedAtMs: now(),
      snapshots: [{ id: snapshotId, source: "paths" }],
      figures: { filesNew: 9, totalBytes: 90, dataAddedBytes: 45, dataAddedPackedBytes: 15 },
      unreadableCount: 1,
      errors: [{ item: "/home/secret", during: "read", message: "permission denied" }],
    };
    const answers = [];
    for (const _ of [1, 2]) answers.push((await post("/api/v1/agent/backup-runs", end, agentToken())).body.isDuplicate);
    assert.deepEqual(answers, [false, true]);
    const { body } = await get(`/api/v1/backup-runs/${shown.id}`);
    assert.deepEqual(
      [body.phase, body.deduplicationRatio, body.compressionRatio, body.progress],
      ["done", 0.5, 3, null],
    );
    assert.deepEqual(body.errors, end.errors);
    const over = await post(`/api/v1/agent/backup-runs/${runId}/credentials`, about, agentToken());
    assert.equal(over.status, 409);
    const now2 = await eventually(services, (all) => all["backup-run home"]?.state === "WARNING");
    assert.match(now2["backup-run home"]?.output ?? "", /1 file could not be read/);
    assert.match(now2["backup-run home"]?.perfdata ?? "", /files_new=9/);
    assert.equal((await repositories())[0].lastSnapshotId, snapshotId);
  });

  it("an agent speaks for its own host's repositories alone", async () => {
    const answer = await post(`/api/v1/agent/backup-runs/${randomUUID()}/credentials`, identity(9999), agentToken());
    assert.equal(answer.status, 400);
  });

  it("freshness turns WARNING, then CRITICAL as time goes by, and a snapshot makes it well", async () => {
    await run({ snapshots: [{ id: snapshotId, source: "paths" }] });
    for (const [minutes, state] of [
      [0, "OK"],
      [48, "WARNING"],
      [12, "CRITICAL"],
    ] as const) {
      clock.offsetMs += minutes * 60_000;
      const seen = await eventually(services, (all) => all["backup-freshness home"]?.state === state);
      assert.equal(seen["backup-freshness home"]?.state, state);
    }
    assert.equal((await repositories())[0].freshness, "CRITICAL");
    await run({ snapshots: [{ id: snapshotId, source: "paths" }] });
    const well = await eventually(services, (all) => all["backup-freshness home"]?.state === "OK");
    assert.match(well["backup-freshness home"]?.perfdata ?? "", /^age=\d+s;2880;3600;0 objective_used=/);
  });

  it("a failed run is CRITICAL and does not count as a snapshot", async () => {
    const before = (await repositories())[0].lastSnapshotAtMs;
    await run({ phase: "failed", message: "no space left" });
    const seen = await eventually(services, (all) => all["backup-run home"]?.state === "CRITICAL");
    assert.match(seen["backup-run home"]?.output ?? "", /failed: no space left/);
    assert.equal((await repositories())[0].lastSnapshotAtMs, before);
  });

  it("commands go to the agent, of those who may see the host", async () => {
    const [{ id }] = await repositories();
    const asked = await post(`/api/v1/backup-repositories/${id}/run`, undefined);
    assert.equal(asked.status, 201, asked.text);
    assert.deepEqual(asked.body.request, { kind: "backup-now", repositoryId: id });
    const scopes = ["read", "write", "admin"];
    const tokenOf = async (customer: string) =>
      (await post("/api/v1/api-tokens", { name: customer, scopes, customer })).body.token;
    const foreign = await tokenOf("other");
    for (const verb of ["run", "pause", "resume", "recovery-kit"]) {
      assert.equal((await post(`/api/v1/backup-repositories/${id}/${verb}`, undefined, foreign)).status, 404, verb);
    }
    const [{ id: runId }] = (await get("/api/v1/backup-runs")).body.data;
    assert.equal((await get(`/api/v1/backup-runs/${runId}`, foreign)).status, 404);
    assert.equal((await post(`/api/v1/backup-runs/${runId}/cancel`, undefined, foreign)).status, 404);
    assert.equal((await get("/api/v1/backup-repositories", foreign)).body.total, 0);
    assert.equal((await get("/api/v1/backup-runs", foreign)).body.total, 0);
    const own = await tokenOf("acme");
    const kit = await post(`/api/v1/backup-repositories/${id}/recovery-kit`, undefined, own);
    assert.equal(kit.status, 200, kit.text);
    assert.equal(decodeJwt(kit.body.token).repository, "acme/web1/home");
    assert.ok(kit.body.password.length >= 40);
  });

  it("services vanish with the policy, the repository does not, and is found again", async () => {
    const [{ id }] = await repositories();
    await apply([], ["BackupPolicy"]);
    assert.deepEqual(await eventually(services, (all) => Object.keys(all).length === 0), {});
    const [kept] = await repositories();
    assert.deepEqual([kept.id, kept.isAssigned], [id, false]);
    const [{ id: refusedId }] = [kept];
    assert.equal((await post(`/api/v1/backup-repositories/${refusedId}/run`, undefined)).status, 409);
    await apply([{ kind: "BackupPolicy", name: "home", spec: { selector: {}, paths: ["/home"] } }]);
    const rows = await eventually(repositories, ([row]) => row.isAssigned);
    assert.deepEqual(
      rows.map((row: { id: number; isAssigned: boolean }) => [row.id, row.isAssigned]),
      [[id, true]],
    );
  });

  it("a policy with nothing to back up, or a schedule that never comes, is refused", async () => {
    const policy = { name: "x", selector: {}, paths: ["/x"] };
    for (const wrong of [{ paths: [] }, { schedule: { cron: "61 * * * *" } }, { storage: "nowhere" }]) {
      const answer = await post("/api/v1/backup-policies", { ...policy, ...wrong });
      assert.equal(answer.status, 400, JSON.stringify(wrong));
    }
  });
});
