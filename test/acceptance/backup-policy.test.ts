// Backups as a monitored workload, with real processes: a policy is applied, a host enrolled, and everything else follows.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
import { BackupCredentials } from "@mycloud/protocol/backup-run";
import { createRequestToken, readIdentity } from "../../agent/src/identity/index.ts";
import { agentPaths } from "../../agent/src/state-directory/index.ts";
import { requireRestic, runRestic } from "../peers/restic.ts";
import {
  cleanupOfSuite,
  type MycloudProcess,
  runMycloud,
  startMycloud,
  startUp,
  type TestUp,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

const run = promisify(execFile);

interface Run {
  readonly id: number;
  readonly runId: string;
  readonly phase: string;
  readonly trigger: string;
  readonly figures: Record<string, number>;
  readonly snapshots: { id: string; source: string }[];
  readonly unreadableCount: number;
  readonly progress: { bytesDone: number; currentPaths: string[] } | null;
}

describe("a policy backs a host up", () => {
  const cleanup = cleanupOfSuite();
  let up: TestUp;
  let agent: MycloudProcess;
  let agentState = "";
  let data = "";
  const slowBytes = 12_000_000;
  /** The job that is paused while other tests run, and when its freshness was last known to be fine. */
  let pausedJob = { serviceId: 0, fineAtMs: 0 };

  before(async () => {
    up = await startUp(cleanup, { storage: "127.0.0.1:0" });
    data = await temporaryDirectory("policy-data");
    await mkdir(join(data, "files/deep"), { recursive: true });
    await mkdir(join(data, "slow"));
    for (let at = 0; at < 30; at++) await writeFile(join(data, `files/deep/${at}.bin`), randomBytes(20_000));
    await writeFile(join(data, "files/skip.tmp"), "not wanted");
    for (let at = 0; at < 12; at++) await writeFile(join(data, `slow/${at}.bin`), randomBytes(slowBytes / 12));
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(join(data, "shop.sqlite"));
    database.exec("create table item (name text); insert into item values ('chair'), ('table')");
    database.close();
    const policies = await temporaryDirectory("policies");
    const schedule = "{ splaySeconds: 0 }";
    await writeFile(
      join(policies, "policies.yaml"),
      `kind: BackupPolicy
name: files
spec:
  selector: { hosts: [web1] }
  paths: [${data}/files]
  exclude: ["*.tmp"]
  dumps: [{ preset: sqlite, path: ${data}/shop.sqlite }]
  schedule: ${schedule}
  objectives: { rpoSeconds: 60 }
---
kind: BackupPolicy
name: secret
spec:
  selector: { hosts: [web1] }
  paths: [${data}/files]
  keyMode: private
  retention: { keepLast: 1 }
  pruneByHost: true
  schedule: ${schedule}
`,
    );
    const applied = await runMycloud(["apply", "-f", policies, "--state-dir", up.stateDir]);
    assert.equal(applied.code, 0, applied.stderr);
    agentState = await temporaryDirectory("policy-agent");
    const { body } = await up.api("POST", "/api/v1/enrolment-tokens", { body: {} });
    const enrolled = await runMycloud(
      ["agent", "enrol", "--server", up.url, "--state-dir", agentState, "--host-name", "web1"],
      { env: { MYCLOUD_ENROLMENT_TOKEN: body.token } },
    );
    assert.equal(enrolled.code, 0, enrolled.stderr);
    agent = startAgent();
  });

  function startAgent(): MycloudProcess {
    const started = startMycloud(["agent", "run", "--state-dir", agentState]);
    cleanup.after(async () => {
      await started.stop();
    });
    return started;
  }

  async function list(path: string, filter: object) {
    return (await up.api("GET", `/api/v1/${path}?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.data;
  }
  const runsOf = async (policyName: string): Promise<Run[]> =>
    await list("backup-runs", { hostName: "web1", policyName });
  const repositoryOf = async (policyName: string) =>
    (await list("backup-repositories", { hostName: "web1", policyName }))[0];
  const serviceOf = async (name: string) => (await list("services", { hostName: "web1", name }))[0];
  const endedRun = async (policyName: string, isRight: (one: Run) => boolean = () => true): Promise<Run> => {
    let found: Run | undefined;
    await waitFor(
      async () => {
        found = (await runsOf(policyName)).find(
          (one) => ["done", "failed", "cancelled"].includes(one.phase) && isRight(one),
        );
        return found !== undefined;
      },
      90_000,
      `a run of ${policyName}`,
    );
    assert.ok(found);
    return found;
  };
  /** Commands the job of the policy `files`, and waits until the agent has taken it up. */
  const askJob = async (verb: "run" | "pause" | "resume") => {
    const { id } = await repositoryOf("files");
    const { status, body } = await up.api("POST", `/api/v1/backup-repositories/${id}/${verb}`);
    assert.equal(status, 201);
    await waitFor(
      async () => (await up.api("GET", `/api/v1/agent-commands/${body.id}`)).body.phase === "done",
      60_000,
      `${verb} by the agent`,
    );
  };
  const onDisk = (path: string) => join(up.stateDir, "storage/repositories", path);

  async function kit(...words: string[]) {
    const { code, stdout, stderr } = await runMycloud(["recovery-kit", ...words, "--json"]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout)[0];
  }

  async function assertRestores(repository: { location: string; password: string }): Promise<void> {
    const target = await temporaryDirectory("policy-restored");
    const snapshots = JSON.parse((await runRestic(repository, ["snapshots", "--json"])).stdout);
    const ofFiles = snapshots.find(({ paths }: { paths: string[] }) => paths.includes(`${data}/files`));
    const restored = await runRestic(repository, ["restore", ofFiles.id, "--target", target]);
    assert.equal(restored.code, 0, restored.stderr);
    await run("diff", ["-r", "--exclude=*.tmp", `${data}/files`, join(target, data, "files")]);
  }

  test("the first sync runs by itself, and history shows its figures", async () => {
    const files = await endedRun("files");
    assert.deepEqual([files.phase, files.trigger, files.unreadableCount], ["done", "enrolment", 0]);
    assert.deepEqual(
      files.snapshots.map(({ source }) => source),
      ["paths", "sqlite-shop.sqlite"],
    );
    assert.equal(files.figures.filesNew, 31);
    assert.ok((files.figures.dataAddedBytes ?? 0) > 600_000);
    const secret = await endedRun("secret");
    assert.equal(secret.phase, "done");
    await waitFor(async () => (await serviceOf("backup-run files"))?.state === "OK", 60_000, "backup-run");
    const service = await serviceOf("backup-run files");
    assert.match(service.output, /^BACKUP RUN OK - 31 files new/);
    assert.match(service.perfdata, /duration=[\d.]+s;;;0 files_new=31/);
    assert.equal((await serviceOf("backup-freshness files")).state, "OK");
  });

  test("a job runs when asked, and can be paused", async () => {
    await askJob("run");
    const manual = await endedRun("files", ({ trigger }) => trigger === "manual");
    assert.equal(manual.figures.filesUnmodified, 30);
    await askJob("pause");
    const { lastSnapshotAtMs } = await repositoryOf("files");
    const fine = await waitFor(
      async () => {
        const service = await serviceOf("backup-freshness files");
        // A result that was made before the run ended tells of the snapshot before.
        const age = Math.floor((service.lastCheckAtMs - lastSnapshotAtMs) / 1000);
        return service.state === "OK" && service.perfdata.startsWith(`age=${age}s;`) && service;
      },
      60_000,
      "the new snapshot to be told of",
    );
    pausedJob = { serviceId: fine.id, fineAtMs: fine.lastCheckAtMs };
  });

  test("stock restic opens the managed repository with the recovery kit, by the server and by its disk", async (t) => {
    if (!requireRestic(t)) return;
    await endedRun("files");
    const { location, password, token } = await kit("web1/files", "--state-dir", up.stateDir);
    await assertRestores({ location: location.replace("://", `://token:${token}@`), password });
    const { path } = await repositoryOf("files");
    assert.equal(path, "-/web1/files");
    await assertRestores({ location: onDisk(path), password });
    const checked = await runRestic({ location: onDisk(path), password }, ["check", "--read-data"]);
    assert.equal(checked.code, 0, checked.stderr);
    const target = await temporaryDirectory("policy-dump");
    const dump = (await endedRun("files")).snapshots[1]?.id ?? "";
    const restored = await runRestic({ location: onDisk(path), password }, ["restore", dump, "--target", target]);
    assert.equal(restored.code, 0, restored.stderr);
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(join(target, "dumps/sqlite-shop.sqlite"));
    assert.equal(database.prepare("select count(*) as count from item").get()?.count, 2);
    database.close();
    const text = await runMycloud(["recovery-kit", "web1/files", "--state-dir", up.stateDir]);
    assert.match(
      text.stdout,
      /export RESTIC_PASSWORD='.{40,}'\n[\s\S]*restic -r 'repositories\/-\/web1\/files' restore/,
    );
  });

  test("a private repository's key is on its host alone, whose recovery kit opens it", async (t) => {
    if (!requireRestic(t)) return;
    await endedRun("secret");
    const { password, token } = await kit("--state-dir", agentState);
    assert.equal(token, null);
    const { path } = await repositoryOf("secret");
    await assertRestores({ location: onDisk(path), password });
    const ofControlPlane = await kit("web1/secret", "--state-dir", up.stateDir);
    assert.equal(ofControlPlane.password, null);
    for (const name of await readdir(up.stateDir)) {
      if (!name.startsWith("mycloud.sqlite")) continue;
      assert.ok(!(await readFile(join(up.stateDir, name))).includes(password), name);
    }
  });

  test("a private repository, and the machine's own files, are reached by way of its agent and as its policy says", async () => {
    const secret = await endedRun("secret");
    const { id, hostId } = await repositoryOf("secret");
    const deep = `${data}/files/deep`;
    const inside = (what: string, path: string) =>
      up.api("GET", `/api/v1/backup-repositories/${id}/snapshots/latest/${what}?path=${encodeURIComponent(path)}`);
    const snapshots = await up.api("GET", `/api/v1/backup-repositories/${id}/snapshots`);
    assert.deepEqual(
      snapshots.body.snapshots.map((one: { id: string }) => one.id),
      secret.snapshots.map((one) => one.id),
    );
    const folder = await inside("folder", deep);
    assert.equal(folder.body.page?.total ?? folder.body.total, 30, JSON.stringify(folder.body));
    const authorization = `Bearer ${(await readFile(join(up.stateDir, "operator-token"), "utf8")).trim()}`;
    const download = async (path: string) => {
      const answer = await fetch(new URL(path, up.url), { headers: { authorization } });
      assert.equal(answer.status, 200, await answer.clone().text());
      return Buffer.from(await answer.arrayBuffer());
    };
    const file = `/api/v1/backup-repositories/${id}/snapshots/latest/file?path=${deep}/3.bin`;
    assert.ok((await download(file)).equals(await readFile(`${deep}/3.bin`)));

    const files = `/api/v1/machines/${hostId}/files`;
    const content = (path: string) => `${files}/content?path=${encodeURIComponent(path)}`;
    const put = (path: string, body: string, headers: Record<string, string>) =>
      up.api("PUT", content(path), { body, headers: { "content-type": "application/octet-stream", ...headers } });
    const roots = await up.api("GET", files);
    assert.deepEqual(
      roots.body.entries.map(({ path }: { path: string }) => path),
      [`${data}/files`],
    );
    const page = `${data}/files/page.html`;
    const made = await put(page, "<script>alert(1)</script>", { "if-none-match": "*" });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    const shown = await up.api("GET", `${content(page)}&download=0`);
    assert.deepEqual(
      [shown.body, shown.headers.get("content-type"), shown.headers.get("etag")],
      ["<script>alert(1)</script>", "application/octet-stream", made.headers.get("etag")],
    );
    assert.match(shown.headers.get("content-security-policy") ?? "", /sandbox/);
    assert.match(shown.headers.get("content-disposition") ?? "", /^attachment/);
    await writeFile(page, "changed on the machine");
    const stale = await put(page, "mine", { "if-match": made.headers.get("etag") ?? "" });
    assert.deepEqual([stale.status, await readFile(page, "utf8")], [412, "changed on the machine"]);
    const large = "0123456789".repeat(1_000_000);
    assert.equal((await put(page, large, {})).status, 200);
    assert.equal(await readFile(page, "utf8"), large);
    assert.equal((await download(content(page))).length, large.length);
    await symlink(agentState, `${data}/files/escape`);
    for (const path of [`${data}/files/escape/agent/identity.json`, `${data}/files/escape`]) {
      const answer = await up.api("GET", content(path));
      assert.deepEqual([answer.status, /link/.test(answer.body.error.message)], [403, true], answer.body.error.message);
    }
    assert.equal((await put(`${data}/files/escape/x`, "x", {})).status, 403);
    const moved = `${data}/files/moved.html`;
    assert.equal((await up.api("POST", `${files}/rename`, { body: { path: page, to: moved } })).status, 200);
    for (const path of [moved, `${data}/files/escape`]) {
      assert.equal((await up.api("POST", `${files}/delete`, { body: { path } })).status, 200);
    }
    assert.ok(!(await readdir(`${data}/files`)).includes("moved.html"));
    const audit = await list("audit-entries", { resourceKind: "host" });
    const actions = audit.map(({ action }: { action: string }) => action);
    for (const action of ["write", "rename", "delete"]) assert.ok(actions.includes(`machine-file.${action}`), action);

    const policy = join(agentState, "agent/policy.yaml");
    await writeFile(policy, "allow: [check-now, backup]\n");
    for (const refused of [await inside("folder", deep), await up.api("GET", files)]) {
      assert.equal(refused.status, 403);
      assert.match(refused.body.error.message, /policy of web1 does not allow/);
    }
    await rm(policy);

    await agent.stop();
    const away = await up.api("GET", files);
    assert.equal(away.status, 503);
    assert.match(away.body.error.message, /^web1 is offline since \d\d:\d\d UTC; its files/);
    agent = startAgent();
  });

  test("the host of a private repository prunes it when that is due, and its tokens delete nothing otherwise", async (t) => {
    if (!requireRestic(t)) return;
    const first = await endedRun("secret");
    const { id, path } = await repositoryOf("secret");
    const { password } = await kit("--state-dir", agentState);
    const repository = { location: onDisk(path), password };
    const storageUrl = (await list("storage-servers", {}))[0].url;
    const packs = async () => await readdir(onDisk(`${path}/data`), { recursive: true });
    const snapshots = async () => await readdir(onDisk(`${path}/snapshots`));
    const runAgain = async () => {
      const known = (await runsOf("secret")).map((one) => one.runId);
      assert.equal((await up.api("POST", `/api/v1/backup-repositories/${id}/run`)).status, 201);
      return await endedRun("secret", ({ runId }) => !known.includes(runId));
    };
    /** What a run of this host would be allowed, as its agent asks for it; the run is called off again. */
    const tokenOfRun = async () => {
      const identity = await readIdentity(agentPaths(agentState));
      assert.ok(identity !== undefined);
      const authorization = `Bearer ${createRequestToken(identity, Date.now)()}`;
      const headers = { authorization, "content-type": "application/json" };
      const runId = randomUUID();
      const about = { repositoryId: id, trigger: "manual", startedAtMs: Date.now(), agentVersion: "test" };
      const asked = await fetch(`${up.url}/api/v1/agent/backup-runs/${runId}/credentials`, {
        method: "POST",
        headers,
        body: JSON.stringify(about),
      });
      assert.equal(asked.status, 200, await asked.clone().text());
      const end = { runId, ...about, phase: "cancelled", finishedAtMs: Date.now() };
      await fetch(`${up.url}/api/v1/agent/backup-runs`, { method: "POST", headers, body: JSON.stringify(end) });
      return BackupCredentials.parse(await asked.json());
    };

    await writeFile(`${data}/files/big.bin`, randomBytes(4_000_000));
    await runAgain();
    await rm(`${data}/files/big.bin`);
    await runAgain();
    assert.equal((await snapshots()).length, 3);
    const { token, mayPrune } = await tokenOfRun();
    assert.equal(mayPrune, false);
    const [pack = ""] = (await packs()).filter((name) => /[0-9a-f]{64}$/.test(name)).map((name) => name.slice(-64));
    for (const object of [`snapshots/${first.snapshots[0]?.id}`, `data/${pack}`]) {
      const url = new URL(`${path}/${object}`, `${storageUrl}/`);
      const { status } = await fetch(url, { method: "DELETE", headers: { authorization: `Bearer ${token}` } });
      assert.equal(status, 403, object);
    }

    assert.equal((await up.api("POST", `/api/v1/backup-repositories/${id}/maintain`)).status, 200);
    assert.equal((await tokenOfRun()).mayPrune, true);
    const pruning = await runAgain();
    const { errors } = (await up.api("GET", `/api/v1/backup-runs/${pruning.id}`)).body;
    assert.deepEqual([pruning.phase, errors], ["done", []]);
    // Before its backup it has kept one.
    assert.equal((await snapshots()).length, 2);
    const bytes = await Promise.all(
      (await packs()).map(async (name) => (await stat(onDisk(`${path}/data/${name}`))).size),
    );
    assert.ok(bytes.reduce((sum, one) => sum + one, 0) < 3_000_000, "what only the old ones had is gone");
    assert.equal((await tokenOfRun()).mayPrune, false);
    const checked = await runRestic(repository, ["check", "--read-data"]);
    assert.equal(checked.code, 0, checked.stderr);
    await assertRestores(repository);
  });

  test("kill -9 of the agent in the middle of a run: the next one goes on with it, and there is one snapshot", async (t) => {
    if (!requireRestic(t)) return;
    const created = await up.api("POST", "/api/v1/backup-policies", {
      body: {
        name: "slow",
        selector: { hosts: ["web1"] },
        paths: [`${data}/slow`],
        schedule: { splaySeconds: 0 },
        bandwidth: [{ uploadBytesPerSecond: 1_500_000 }],
      },
    });
    assert.equal(created.status < 300, true, JSON.stringify(created.body));
    await waitFor(
      async () => (await runsOf("slow")).some(({ progress }) => (progress?.bytesDone ?? 0) > 0),
      180_000,
      "a run of slow with progress",
    );
    agent.kill("SIGKILL");
    await agent.ended;
    const [before] = await runsOf("slow");
    assert.ok(before !== undefined && before.phase !== "done");
    agent = startAgent();
    const ended = await endedRun("slow");
    assert.deepEqual([ended.runId, ended.phase], [before.runId, "done"]);
    assert.equal((await runsOf("slow")).length, 1);
    const { password } = await kit("web1/slow", "--state-dir", up.stateDir);
    const repository = { location: onDisk((await repositoryOf("slow")).path), password };
    assert.equal(JSON.parse((await runRestic(repository, ["snapshots", "--json"])).stdout).length, 1);
    const checked = await runRestic(repository, ["check", "--read-data"]);
    assert.equal(checked.code, 0, checked.stderr);
  });

  test("a paused job's freshness turned WARNING, then CRITICAL, and a run makes it well", async () => {
    // Told by the history: a state that lasts for seconds is not caught by looking at it now and then.
    const changes = async () => {
      const filter = { serviceId: pausedJob.serviceId, kind: "state", fromMs: pausedJob.fineAtMs + 1 };
      const query = `filter=${encodeURIComponent(JSON.stringify(filter))}&sort=id&order=ASC&perPage=100`;
      const { body } = await up.api("GET", `/api/v1/state-changes?${query}`);
      return body.data.map(({ toState }: { toState: string }) => toState);
    };
    await waitFor(async () => (await changes()).includes("CRITICAL"), 180_000, "CRITICAL");
    assert.deepEqual(await changes(), ["WARNING", "CRITICAL"]);
    const problems = (await up.api("GET", "/api/v1/problems?perPage=100")).body.data;
    assert.ok(JSON.stringify(problems).includes("backup-freshness files"));
    await askJob("resume");
    await askJob("run");
    await waitFor(async () => (await serviceOf("backup-freshness files")).state === "OK", 60_000, "OK again");
  });

  test("services vanish with their policy, the repository stays", async () => {
    const [policy] = await list("backup-policies", { name: "secret" });
    assert.ok((await up.api("DELETE", `/api/v1/backup-policies/${policy.id}`)).status < 300);
    await waitFor(async () => (await serviceOf("backup-run secret")) === undefined, 60_000, "services to vanish");
    assert.equal((await repositoryOf("secret")).isAssigned, false);
  });
});
