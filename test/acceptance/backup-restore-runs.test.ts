// Files brought back to a machine, with real processes: checkout, rollback, rolling that back, restore elsewhere, and kills in the middle.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, link, lstat, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
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

interface Restore {
  readonly id: number;
  readonly phase: string;
  readonly message: string | null;
  readonly safetySnapshotId: string | null;
  readonly filesDone: number;
  readonly errorCount: number;
  readonly errors: { item: string; message: string }[];
  readonly plan: Record<string, number> & { actions: { action: string; path: string; reason: string | null }[] };
}

describe("files are brought back to their machine", () => {
  const cleanup = cleanupOfSuite();
  let up: TestUp;
  let agent: MycloudProcess;
  let agentState = "";
  let data = "";
  let repositoryId = 0;
  let first = "";

  const at = (name: string) => join(data, name);
  const list = async (path: string, filter: object) =>
    (await up.api("GET", `/api/v1/${path}?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.data;

  before(async () => {
    up = await startUp(cleanup, { storage: "127.0.0.1:0" });
    data = await temporaryDirectory("restore-data");
    await mkdir(at("www/img"), { recursive: true });
    await mkdir(at("large"));
    for (let number = 0; number < 20; number++) await writeFile(at(`www/img/${number}.png`), randomBytes(9_000));
    await writeFile(at("www/index.html"), "<h1>good</h1>", { mode: 0o640 });
    await link(at("www/index.html"), at("www/default.html"));
    await symlink("index.html", at("www/home"));
    await writeFile(at("www/a\tname \\ with \u00e9"), "odd");
    execFileSync("setfattr", ["-n", "user.note", "-v", "kept", at("www/index.html")]);
    await utimes(at("www/img"), 1_000_000_000, 1_000_000_000);
    for (let number = 0; number < 40; number++) await writeFile(at(`large/${number}.bin`), randomBytes(300_000));
    const policy = {
      name: "files",
      selector: { hosts: ["web1"] },
      paths: [data],
      exclude: ["*.log"],
      schedule: { splaySeconds: 0 },
    };
    assert.ok((await up.api("POST", "/api/v1/backup-policies", { body: policy })).status < 300);
    agentState = await temporaryDirectory("restore-agent");
    const { body } = await up.api("POST", "/api/v1/enrolment-tokens", { body: {} });
    const enrolled = await runMycloud(
      ["agent", "enrol", "--server", up.url, "--state-dir", agentState, "--host-name", "web1"],
      { env: { MYCLOUD_ENROLMENT_TOKEN: body.token } },
    );
    assert.equal(enrolled.code, 0, enrolled.stderr);
    agent = startAgent();
    first = await newestSnapshot("");
    [{ id: repositoryId }] = await list("backup-repositories", { hostName: "web1" });
  });

  function startAgent(): MycloudProcess {
    const started = startMycloud(["agent", "run", "--state-dir", agentState]);
    cleanup.after(async () => {
      await started.stop();
    });
    return started;
  }

  async function newestSnapshot(notThis: string): Promise<string> {
    let id = "";
    await waitFor(
      async () => {
        const [newest] = await list("backup-runs", { hostName: "web1", phase: "done" });
        id = newest?.snapshots[0]?.id ?? "";
        return id !== "" && id !== notThis;
      },
      40_000,
      "a snapshot",
    );
    return id;
  }

  /** Until the agent has it: its configuration then holds this text. */
  async function changePolicy(change: object, text: string): Promise<void> {
    const policyId = (await list("backup-policies", { name: "files" }))[0].id;
    const { body: policy } = await up.api("GET", `/api/v1/backup-policies/${policyId}`);
    const { status } = await up.api("PUT", `/api/v1/backup-policies/${policyId}`, { body: { ...policy, ...change } });
    assert.ok(status < 300);
    const configuration = () => readFile(join(agentState, "agent/configuration.json"), "utf8");
    await waitFor(async () => (await configuration()).includes(text), 10_000, "the agent to know");
  }

  async function ask(request: object): Promise<number> {
    const { status, body } = await up.api("POST", `/api/v1/backup-repositories/${repositoryId}/restores`, {
      body: { snapshotId: first, ...request },
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  }

  const show = async (id: number): Promise<Restore> => (await up.api("GET", `/api/v1/restore-runs/${id}`)).body;

  async function ended(id: number): Promise<Restore> {
    let shown = await show(id);
    await waitFor(
      async () => {
        shown = await show(id);
        return ["planned", "conflicts", "done", "failed", "cancelled"].includes(shown.phase);
      },
      40_000,
      `restore ${id} to end`,
    );
    return shown;
  }

  const bring = async (request: object) => await ended(await ask(request));

  /** What rsync would still change: nothing. */
  async function assertEqual(expected: string, actual: string): Promise<void> {
    const compared = ["-aHAXni", "--delete", "--checksum", `${expected}/`, `${actual}/`];
    const { stdout } = await run("rsync", compared);
    assert.equal(stdout, "");
  }

  async function copyOf(name: string): Promise<string> {
    const directory = join(await temporaryDirectory("restore-copy"), "copy");
    await run("cp", ["-a", at(name), directory]);
    return directory;
  }

  test("a checkout is refused where something would be lost, and by force is made", async () => {
    await writeFile(at("www/index.html"), "nobody has this");
    await rm(at("www/img/3.png"));
    const refused = await bring({ kind: "checkout", paths: [at("www")] });
    assert.deepEqual([refused.phase, refused.plan.conflicts, refused.plan.creates], ["conflicts", 2, 1]);
    assert.match(refused.plan.actions[0]?.reason ?? "", /changed after the newest snapshot/);
    await assert.rejects(lstat(at("www/img/3.png")), "nothing at all was written");
    const dry = await bring({ kind: "checkout", paths: [at("www")], isDryRun: true });
    assert.deepEqual([dry.phase, dry.plan.conflicts], ["planned", 2]);
    const forced = await bring({ kind: "checkout", paths: [at("www")], isForced: true });
    assert.deepEqual([forced.phase, forced.errorCount], ["done", 0], JSON.stringify(forced.errors));
    assert.equal(await readFile(at("www/index.html"), "utf8"), "<h1>good</h1>");
    const again = await bring({ kind: "checkout", paths: [at("www")] });
    assert.deepEqual([again.phase, again.filesDone, again.plan.creates], ["done", 0, 0]);
  });

  test("a folder is rolled back, and that is rolled back", async () => {
    const good = await copyOf("www");
    await rm(at("www/img"), { recursive: true });
    await rm(at("www/default.html"));
    await writeFile(at("www/index.html"), "defaced");
    await chmod(at("www/index.html"), 0o777);
    await mkdir(at("www/shell/deep"), { recursive: true });
    await writeFile(at("www/shell/deep/x.php"), "<?php");
    const bad = await copyOf("www");
    await writeFile(at("www/access.log"), "excluded, and kept");
    const planned = await bring({ kind: "rollback", paths: [at("www")], isDryRun: true });
    assert.deepEqual([planned.phase, planned.plan.removes, planned.safetySnapshotId], ["planned", 3, null]);
    const rolled = await bring({ kind: "rollback", paths: [at("www")] });
    assert.deepEqual([rolled.phase, rolled.errorCount], ["done", 0], JSON.stringify(rolled));
    assert.equal(await readFile(at("www/access.log"), "utf8"), "excluded, and kept");
    await rm(at("www/access.log"));
    await utimes(at("www"), (await lstat(good)).atime, (await lstat(good)).mtime);
    await assertEqual(good, at("www"));
    assert.match(rolled.safetySnapshotId ?? "", /^[0-9a-f]{64}$/);
    const back = await bring({ kind: "rollback", snapshotId: rolled.safetySnapshotId });
    assert.deepEqual([back.phase, back.errorCount], ["done", 0], JSON.stringify(back));
    await utimes(at("www"), (await lstat(bad)).atime, (await lstat(bad)).mtime);
    await assertEqual(bad, at("www"));
    const whole = await bring({ kind: "rollback", paths: [at("www")] });
    assert.equal(whole.phase, "done");
  });

  test("a restore writes below another directory, byte for byte, and what is there stays", async () => {
    const target = join(await temporaryDirectory("restore-target"), "new/deep");
    const restored = await bring({ kind: "restore", targetDirectory: target });
    assert.deepEqual([restored.phase, restored.errorCount], ["done", 0], JSON.stringify(restored.errors));
    await assertEqual(at("www"), join(target, data, "www"));
    await assertEqual(at("large"), join(target, data, "large"));
    await writeFile(join(target, data, "www/index.html"), "mine");
    assert.equal((await bring({ kind: "restore", targetDirectory: target })).phase, "conflicts");
  });

  test("kill -9 of the agent in the middle of a rollback: the next one finishes it, with one safety snapshot", async () => {
    const good = await copyOf("large");
    for (const name of await readdir(at("large"))) await writeFile(at(`large/${name}`), randomBytes(300_000));
    // Slow enough to be hit in the middle.
    await changePolicy({ bandwidth: [{ downloadBytesPerSecond: 2_000_000 }] }, "2000000");
    const id = await ask({ kind: "rollback", paths: [at("large")] });
    await waitFor(
      async () => {
        const { phase, filesDone } = await show(id);
        return phase === "restoring" && filesDone > 3;
      },
      30_000,
      "a rollback in the middle",
    );
    const { safetySnapshotId } = await show(id);
    agent.kill("SIGKILL");
    await agent.ended;
    for (const name of (await readdir(at("large"))).filter((one) => one.endsWith(".bin"))) {
      assert.equal((await lstat(at(`large/${name}`))).size, 300_000, "each file is whole");
    }
    agent = startAgent();
    const finished = await ended(id);
    assert.deepEqual([finished.phase, finished.errorCount], ["done", 0], JSON.stringify(finished));
    await assertEqual(good, at("large"));
    assert.equal(finished.safetySnapshotId, safetySnapshotId);
    const snapshots = (await up.api("GET", `/api/v1/backup-repositories/${repositoryId}/snapshots`)).body.snapshots;
    const own = snapshots.filter(
      ({ tags, paths }: { tags: string[]; paths: string[] }) => tags.includes("safety") && paths.includes(at("large")),
    );
    assert.equal(own.length, 1);
  });

  test("what the host's policy does not allow is refused, with its words", async () => {
    const policy = join(agentState, "agent/policy.yaml");
    await writeFile(policy, `restoreRoots: [${at("www")}]\n`);
    const elsewhere = await bring({ kind: "restore", targetDirectory: "/tmp/not-here" });
    assert.match(elsewhere.message ?? "", /policy does not let restores write to \/tmp\/not-here/);
    assert.equal((await bring({ kind: "checkout", paths: [at("www")] })).phase, "done");
    await writeFile(policy, "allow: [backup]\n");
    const refused = await bring({ kind: "checkout", paths: [at("www")] });
    assert.deepEqual([refused.phase, refused.message], ["failed", "this host's policy does not allow restore"]);
    await rm(policy);
  });

  test("a timer of the host begins a backup, of policies that leave it to one", async () => {
    const sync = () => runMycloud(["agent", "sync", "--state-dir", agentState]);
    const before = await sync();
    assert.deepEqual([before.code, /no policy leaves its timing to a timer/.test(before.stderr)], [0, true]);
    await changePolicy({ timing: "timer", bandwidth: [] }, '"timing":"timer"');
    const begun = await sync();
    assert.deepEqual([begun.code, begun.stderr], [0, "files: a backup begins\n"]);
    await waitFor(
      async () => (await list("backup-runs", { hostName: "web1", trigger: "timer", phase: "done" })).length === 1,
      40_000,
      "the timer's run",
    );
    await agent.stop();
    assert.match((await sync()).stderr, /no agent runs here/);
  });
});
