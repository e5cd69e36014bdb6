import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, it } from "node:test";
import { newAgentKey, signToken } from "../agent/testing/agent-api.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

forEachDialect((dialect, open) => {
  let nowMs = Date.now();
  let testApp: TestApp;
  let agentToken: () => string;
  let hostId = 0;

  before(async () => {
    if (dialect === "mariadb") await open();
    const now = () => nowMs;
    testApp = await startTestApp(dialect === "mariadb" ? { now, databaseUrl: open.location() } : { now });
    const enrolment = await post("/api/v1/enrolment-tokens", { customer: "acme" });
    const key = newAgentKey();
    const request = { token: enrolment.token, hostName: "web1", agentVersion: "1", publicKey: key.publicKey };
    const enrolled = await post("/api/v1/agent/enrol", request);
    hostId = enrolled.hostId;
    agentToken = () => signToken(key.privateKey, enrolled.agentId, now());
    await post("/api/v1/hosts", { name: "bare", customer: "acme" });
    await post("/api/v1/hosts", { name: "foreign", customer: "other" });
    const spec = { selector: { hosts: ["web1"] }, paths: ["/home"], objectives: { rpoSeconds: 3600 } };
    await post("/api/v1/apply", {
      resources: [
        { kind: "StorageServer", name: "local", spec: { url: "http://127.0.0.1:1/", isDefault: true } },
        { kind: "BackupPolicy", name: "home", spec },
      ],
    });
    for (let tries = 0; tries < 100 && (await machine()).repositories.length === 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  after(() => testApp.stop());

  async function post(path: string, body: object, token?: string) {
    const answer = await testApp.call("POST", path, token === undefined ? { body } : { body, token });
    assert.ok(answer.status < 300, answer.text);
    return answer.body;
  }
  const machine = async () => (await testApp.call("GET", `/api/v1/machines/${hostId}`)).body;
  const list = async (query = "", token?: string) =>
    (await testApp.call("GET", `/api/v1/machines${query}`, token === undefined ? {} : { token })).body;
  const keepalive = (liveFiles?: string, more: object = {}) =>
    post(
      "/api/v1/agent/keepalive",
      {
        ...{ agentVersion: "1", startedAtMs: nowMs, sentAtMs: nowMs, configurationEtag: null },
        ...{ spooledBatches: 0, spooledBytes: 0, droppedResults: 0, rejectedBatches: 0, liveFiles, ...more },
      },
      agentToken(),
    );

  it("is listed within scope, and by whether anything is backed up of it", async () => {
    const names = ({ data }: { data: { hostName: string }[] }) => data.map(({ hostName }) => hostName);
    assert.deepEqual(names(await list()), ["bare", "foreign", "web1"]);
    const { token } = await post("/api/v1/api-tokens", { name: "t", scopes: ["read"], customer: "acme" });
    assert.deepEqual(names(await list("", token)), ["bare", "web1"]);
    const filtered = (filter: object) => list(`?filter=${encodeURIComponent(JSON.stringify(filter))}`);
    assert.deepEqual(names(await filtered({ isBackedUp: true })), ["web1"]);
    assert.deepEqual(names(await filtered({ isBackedUp: false, customer: "acme" })), ["bare"]);
    assert.deepEqual(names(await filtered({ q: "WEB" })), ["web1"]);
    const foreign = (await list()).data.find((one: { hostName: string }) => one.hostName === "foreign");
    assert.equal((await testApp.call("GET", `/api/v1/machines/${foreign.id}`, { token })).status, 404);
    assert.equal(foreign.sentence, "Nothing is backed up: no agent is installed.");
  });

  it("says what becomes of its backups, from the first run to the missed objective", async () => {
    await keepalive("read");
    const become = async (isRight: (one: { isOnline: boolean; areLiveFilesAllowed: boolean | null }) => boolean) => {
      for (let tries = 0; tries < 100 && !isRight(await machine()); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await become(({ isOnline, areLiveFilesAllowed }) => isOnline && areLiveFilesAllowed === true);
    const first = await machine();
    assert.deepEqual([first.isOnline, first.health, first.sentence], [true, "unknown", "Not backed up yet."]);
    assert.equal(first.areLiveFilesAllowed, true);
    const [{ id: repositoryId }] = first.repositories;
    const runId = randomUUID();
    const about = { repositoryId, trigger: "schedule", startedAtMs: nowMs, agentVersion: "1" };
    await post(`/api/v1/agent/backup-runs/${runId}/credentials`, about, agentToken());
    const progress = { filesDone: 1, filesTotal: 2, bytesDone: 30, bytesTotal: 90, isTotalKnown: true };
    await post(
      `/api/v1/agent/backup-runs/${runId}/progress`,
      { ...about, ...progress, phase: "backing-up" },
      agentToken(),
    );
    const running = await machine();
    assert.equal(running.sentence, "Not backed up yet: the first time is under way. Backing up now (33 %).");
    assert.equal(running.run.runId, runId);
    const snapshots = [{ id: "ab".repeat(32), source: "paths" }];
    await post(
      "/api/v1/agent/backup-runs",
      { runId, ...about, phase: "done", finishedAtMs: nowMs, snapshots, unreadableCount: 1 },
      agentToken(),
    );
    const done = await machine();
    assert.deepEqual(
      [done.health, done.sentence, done.run],
      ["attention", "Backed up just now. 1 file could not be read.", null],
    );
    nowMs += 2 * 3_600_000;
    const late = await machine();
    assert.equal(late.health, "bad");
    assert.match(
      late.sentence,
      /^Last backed up 2 h ago; it should never be more than 1 h\. 1 file could not be read\. The machine is offline for 2 h\.$/,
    );
  });

  it("is paused when its agent says so, and stays so while it says nothing of it or is away", async () => {
    const { id } = (await machine()).repositories[0];
    const shows = async (isPaused: boolean) => {
      for (let tries = 0; tries < 100; tries++) {
        if ((await machine()).repositories[0].isPaused === isPaused) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { sentence, repositories } = await machine();
      assert.deepEqual([/Backups are paused\./.test(sentence), repositories[0].isPaused], [isPaused, isPaused]);
      assert.equal((await testApp.call("GET", `/api/v1/backup-repositories/${id}`)).body.isPaused, isPaused);
    };
    await keepalive("read", { pausedBackups: [id, 999_999] });
    await shows(true);
    nowMs += 3_600_000;
    assert.equal((await machine()).isOnline, false);
    await shows(true);
    await keepalive("read");
    for (let tries = 0; tries < 100 && !(await machine()).isOnline; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await shows(true);
    await keepalive("read", { pausedBackups: [] });
    await shows(false);
  });
});
