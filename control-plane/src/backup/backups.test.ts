import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { decodeJwt } from "jose";
import { newAgentKey, signToken } from "../agent/testing/agent-api.ts";
import { forEachDialect } from "../database/testing/dialects.ts";
import { waitingMails } from "../testing/account-mails.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";

forEachDialect((dialect, open) => {
  describe("backups by policy", () => {
    const clock = { offsetMs: 0 };
    const now = () => Date.now() + clock.offsetMs;
    const member1 = "ann@acme.example";
    let testApp: TestApp;
    let agentToken: () => string;
    let hostId = 0;

    before(async () => {
      if (dialect === "mariadb") await open();
      testApp = await startTestApp({ now, ...(dialect === "mariadb" ? { databaseUrl: open.location() } : {}) });
      const enrolment = await post("/api/v1/enrolment-tokens", { customer: "acme" });
      const key = newAgentKey();
      const request = { token: enrolment.body.token, hostName: "web1", agentVersion: "1", publicKey: key.publicKey };
      const enrolled = (await post("/api/v1/agent/enrol", request, null)).body;
      hostId = enrolled.hostId;
      const member = {
        email: member1,
        name: "Ann",
        role: "operator",
        customer: "acme",
        password: "long enough password",
      };
      assert.ok((await post("/api/v1/users", member)).status < 300);
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
      for (const _ of [1, 2])
        answers.push((await post("/api/v1/agent/backup-runs", end, agentToken())).body.isDuplicate);
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

    it("customers are told once of the first backup, and once of each time that one is late", async () => {
      const kinds = async () => (await waitingMails(testApp, member1)).map(({ kind }) => kind);
      const late = async () => (await kinds()).filter((kind) => kind === "rpo-missed").length;
      assert.equal((await kinds()).filter((kind) => kind === "first-backup").length, 1);
      assert.equal(await late(), 1);
      clock.offsetMs += 61 * 60_000;
      await eventually(services, (all) => all["backup-freshness home"]?.state === "CRITICAL");
      assert.equal(await eventually(late, (count) => count === 2), 2);
      await run({ snapshots: [{ id: snapshotId, source: "paths" }] });
      const well = await eventually(services, (all) => all["backup-freshness home"]?.state === "OK");
      assert.equal(await late(), 2);
      assert.match(
        well["backup-freshness home"]?.perfdata ?? "",
        /within_rpo=\d+\.\d+% budget_left=-?[\d.]+% burn_rate=\d/,
      );
      const { withinRpoShare, burnRate } = await eventually(
        async () => (await repositories())[0],
        (row) => row.withinRpoShare !== null,
      );
      assert.ok(withinRpoShare <= 1 && burnRate >= 0);
    });

    it("a change that looks like an attack freezes the repository, until somebody says that it was meant", async () => {
      const change = {
        ...{ filesBefore: 100, added: 40, removed: 40, changed: 0, rewritten: 0, scrambled: 40, scrambledRenamed: 40 },
        ...{
          newExtension: "locked",
          addedBytes: 9,
          incompressibleBytes: 9,
          canaries: [],
          examples: ["/home/a.locked"],
        },
      };
      await run({ snapshots: [{ id: snapshotId, source: "paths" }], change });
      const seen = await eventually(services, (all) => all["backup-change home"]?.state === "CRITICAL");
      assert.match(
        seen["backup-change home"]?.output ?? "",
        /40 files look encrypted, most of them renamed to \.locked/,
      );
      const [{ id, frozenAtMs }] = await repositories();
      assert.ok(frozenAtMs !== null);
      assert.equal((await post(`/api/v1/backup-repositories/${id}/maintain`, undefined)).status, 409);
      const released = await post(`/api/v1/backup-repositories/${id}/release-freeze`, undefined);
      assert.deepEqual([released.status, released.body.frozenAtMs], [200, null]);
      assert.equal((await post(`/api/v1/backup-repositories/${id}/release-freeze`, undefined)).status, 409);
      await eventually(services, (all) => all["backup-change home"]?.state === "OK");
      const quiet = { ...change, scrambled: 0, scrambledRenamed: 0, examples: [] };
      await run({ snapshots: [{ id: snapshotId, source: "paths" }], change: quiet });
      assert.equal((await repositories())[0].frozenAtMs, null);
      const actions = (await get("/api/v1/audit-entries?perPage=100")).body.data.map(
        (row: { action: string }) => row.action,
      );
      assert.ok(actions.includes("backup-repository.freeze") && actions.includes("backup-repository.release-freeze"));
    });

    it("that the space runs out is told once, and again only after it was well in between", async () => {
      const { database, changes } = testApp.app.core!;
      const [{ id }] = await repositories();
      const row = () => database.db.selectFrom("backup_repository").where("id", "=", id);
      const told = async () => (await row().select("mailed_json").executeTakeFirstOrThrow()).mailed_json ?? "";
      const mails = async () =>
        (await waitingMails(testApp, member1))
          .filter(({ kind }) => kind === "quota-near")
          .map(({ subject }) => subject);
      /** The results of a look are stored after its mails: when the state is there, so is the mail, or there is none. */
      const use = async (usedBytes: number, state: string) => {
        const figures = { used_bytes: usedBytes, quota_bytes: 1000, seen_at_ms: now() };
        await database.db.updateTable("backup_repository").set(figures).where("id", "=", id).execute();
        changes.publish("backup-runs", null);
        const seen = await eventually(services, (all) => all["backup-quota home"]?.state === state);
        assert.equal(seen["backup-quota home"]?.state, state, JSON.stringify(seen["backup-quota home"]));
      };
      await use(790, "OK");
      assert.deepEqual(await mails(), []);
      await use(800, "WARNING");
      assert.deepEqual(await mails(), ["The space for backups of web1 runs out"]);
      await use(960, "CRITICAL");
      await use(760, "OK");
      await use(850, "WARNING");
      assert.equal((await mails()).length, 1, "a little below the threshold is not well");
      await use(700, "OK");
      assert.ok(!(await eventually(told, (text) => !text.includes("quota"))).includes("quota"));
      await use(850, "WARNING");
      assert.equal((await mails()).length, 2);
      await use(0, "OK");
    });

    it("a drill that did not bring a file back is CRITICAL and told of", async () => {
      const home = { selector: {}, paths: ["/home"], quotaBytes: 1000 };
      const objectives = { rpoSeconds: 3600, rtoSeconds: 100, drillEverySeconds: 86_400 };
      await apply([{ kind: "BackupPolicy", name: "home", spec: { ...home, objectives } }]);
      await eventually(services, (all) => all["backup-drill home"] !== undefined);
      const [{ id }] = await repositories();
      const ask = async (runId: string) =>
        (await post(`/api/v1/agent/backup-runs/${runId}/credentials`, identity(id), agentToken())).body.drill;
      const runId = randomUUID();
      assert.equal((await ask(runId)).seed, runId);
      const drill = {
        snapshotId,
        finishedAtMs: now(),
        files: 9,
        bytes: 900,
        seconds: 1,
        totalFiles: 90,
        totalBytes: 9000,
      };
      const bad = { faultCount: 1, faults: [{ path: "/home/a", message: "its content is another from byte 0 on" }] };
      const rest = { rtoSeconds: 10, comparedLive: 8 };
      await run({ snapshots: [{ id: snapshotId, source: "paths" }], drill: { ...drill, ...rest, ...bad } });
      const seen = await eventually(services, (all) => all["backup-drill home"]?.state === "CRITICAL");
      assert.match(
        seen["backup-drill home"]?.output ?? "",
        /1 of 9 files did not come back .*: \/home\/a: its content/,
      );
      assert.equal((await waitingMails(testApp, member1)).at(-1)?.kind, "drill-failed");
      assert.equal(await ask(randomUUID()), null);
      const slow = { ...drill, finishedAtMs: now(), rtoSeconds: 90, comparedLive: 9, faultCount: 0, faults: [] };
      await run({ snapshots: [{ id: snapshotId, source: "paths" }], drill: slow });
      const near = await eventually(services, (all) => all["backup-drill home"]?.state === "WARNING");
      assert.match(near["backup-drill home"]?.perfdata ?? "", /rto=90s;80;100;0/);
    });

    it("a customer's quota is what a run's token allows at most, beside the policy's", async () => {
      const customers = (await get("/api/v1/customers")).body.data;
      const acme = customers.find(({ name }: { name: string }) => name === "acme");
      const body = { ...acme, title: acme?.title ?? "Acme", quotaBytes: 700 };
      const path = acme === undefined ? "/api/v1/customers" : `/api/v1/customers/${acme.id}`;
      const kept = await testApp.call(acme === undefined ? "POST" : "PUT", path, { body: { name: "acme", ...body } });
      assert.ok(kept.status < 300, kept.text);
      const [{ id }] = await repositories();
      const asked = await post(`/api/v1/agent/backup-runs/${randomUUID()}/credentials`, identity(id), agentToken());
      assert.equal(decodeJwt(asked.body.token).quotaBytes, 700);
    });

    it("a private repository's host may prune when the policy says so, and never a frozen one", async () => {
      const retention = { keepLast: 3 };
      const spec = { selector: {}, paths: ["/x"], keyMode: "private", retention, pruneByHost: true };
      await post("/api/v1/backup-policies", { name: "own", ...spec });
      const found = await eventually(repositories, (rows) => rows.length === 2);
      const { id } = found.find(({ policyName }: { policyName: string }) => policyName === "own");
      const runId = randomUUID();
      const begin = (uuid: string) => post(`/api/v1/agent/backup-runs/${uuid}/credentials`, identity(id), agentToken());
      const first = (await begin(runId)).body;
      // There is nothing to prune yet.
      assert.deepEqual([first.mayPrune, decodeJwt(first.token).verbs], [false, ["read", "append"]]);
      const end = { runId, ...identity(id), phase: "done", finishedAtMs: now() };
      await post(
        "/api/v1/agent/backup-runs",
        { ...end, snapshots: [{ id: snapshotId, source: "paths" }] },
        agentToken(),
      );
      clock.offsetMs += 25 * 3_600_000;
      const second = (await begin(randomUUID())).body;
      assert.deepEqual([second.mayPrune, decodeJwt(second.token).verbs], [true, ["read", "append", "delete"]]);
      const { db } = testApp.app.core!.database;
      await db.updateTable("backup_repository").set({ frozen_at_ms: now() }).where("id", "=", id).execute();
      assert.equal((await begin(randomUUID())).body.mayPrune, false);
      const [policy] = (await get(`/api/v1/backup-policies?filter=${JSON.stringify({ name: "own" })}`)).body.data;
      assert.ok((await testApp.call("DELETE", `/api/v1/backup-policies/${policy.id}`)).status < 300);
      await db.deleteFrom("backup_repository").where("id", "=", id).execute();
    });

    it("a failed run is CRITICAL and does not count as a snapshot", async () => {
      const before = (await repositories())[0].lastSnapshotAtMs;
      await run({ phase: "failed", message: "no space left" });
      const seen = await eventually(services, (all) => all["backup-run home"]?.state === "CRITICAL");
      assert.match(seen["backup-run home"]?.output ?? "", /failed: no space left/);
      assert.equal((await repositories())[0].lastSnapshotAtMs, before);
    });

    it("figures of runs and repositories are exposed, with no name of anybody", async () => {
      const page = (await get("/metrics")).text;
      const of = (line: string) =>
        Number(
          page
            .split("\n")
            .find((one) => one.startsWith(`${line} `))
            ?.split(" ")[1],
        );
      assert.ok(of('mycloud_backup_runs_total{result="done"}') >= 3, page);
      assert.equal(of('mycloud_backup_runs_total{result="failed"}'), 1);
      assert.equal(of('mycloud_backup_drills_total{result="faulty"}'), 1);
      assert.equal(of('mycloud_backup_drills_total{result="whole"}'), 1);
      const byFreshness = ["OK", "WARNING", "CRITICAL", "none"].map((state) =>
        of(`mycloud_backup_repositories{freshness="${state}"}`),
      );
      assert.equal(
        byFreshness.reduce((sum, count) => sum + count, 0),
        1,
        page,
      );
      const [{ id }] = await repositories();
      assert.ok(of(`mycloud_backup_snapshot_age_seconds{repository="${id}"}`) >= 0, page);
      assert.deepEqual(
        ["mycloud_backup_repositories_frozen", "mycloud_backup_damaged_objects"].map((name) => of(name)),
        [0, 0],
      );
      assert.ok(!/web1|acme/.test(page));
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
      assert.equal(kit.body.certificateAuthority, null);
    });

    it("services vanish with the policy, the repository does not, and is found again", async () => {
      const [{ id }] = await repositories();
      await apply([], ["BackupPolicy"]);
      assert.deepEqual(await eventually(services, (all) => Object.keys(all).length === 0), {});
      const [kept] = await repositories();
      assert.deepEqual([kept.id, kept.isAssigned], [id, false]);
      const [{ id: refusedId }] = [kept];
      assert.equal((await post(`/api/v1/backup-repositories/${refusedId}/run`, undefined)).status, 409);
      const drill = await post(`/api/v1/backup-repositories/${refusedId}/drill`, undefined);
      assert.equal(drill.status, 409);
      assert.match(drill.body.error.message, /^no policy backs "web1" up into this repository any more/);
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
});
