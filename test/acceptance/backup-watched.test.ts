// Backups watched like anything else, with real processes: retention, suspicious changes, drills, and a byte that flips on the storage server.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { requireRestic, runRestic } from "../peers/restic.ts";
import {
  cleanupOfSuite,
  runMycloud,
  startMycloud,
  startUp,
  type TestUp,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

interface Run {
  readonly id: number;
  readonly phase: string;
  readonly message: string | null;
  readonly snapshots: { id: string; source: string }[];
}

describe("a backup is watched", () => {
  const cleanup = cleanupOfSuite();
  let up: TestUp;
  let data = "";

  before(async () => {
    up = await startUp(cleanup, { storage: "127.0.0.1:0" });
    data = await temporaryDirectory("watched-data");
    await mkdir(join(data, "letters"));
    for (let at = 0; at < 50; at++) await writeFile(join(data, `letters/${at}.txt`), letter(at));
    const policies = await temporaryDirectory("policies");
    await writeFile(
      join(policies, "policies.yaml"),
      `kind: BackupPolicy
name: home
spec:
  selector: { hosts: [web1] }
  paths: [${data}]
  schedule: { splaySeconds: 0 }
  retention: { keepLast: 2 }
  objectives: { drillEverySeconds: 86400, rtoSeconds: 3600 }
`,
    );
    const applied = await runMycloud(["apply", "-f", policies, "--state-dir", up.stateDir]);
    assert.equal(applied.code, 0, applied.stderr);
    const agentState = await temporaryDirectory("watched-agent");
    const { body } = await up.api("POST", "/api/v1/enrolment-tokens", { body: {} });
    const enrolled = await runMycloud(
      ["agent", "enrol", "--server", up.url, "--state-dir", agentState, "--host-name", "web1"],
      { env: { MYCLOUD_ENROLMENT_TOKEN: body.token } },
    );
    assert.equal(enrolled.code, 0, enrolled.stderr);
    const agent = startMycloud(["agent", "run", "--state-dir", agentState]);
    cleanup.after(async () => {
      await agent.stop();
    });
    await ended(1);
    await backUpWithRestic();
  });

  /** Somebody's own restic backs up to our storage server; no policy knows of that. */
  async function backUpWithRestic(): Promise<void> {
    // Who asks whether it is there says what became of it: the test below does.
    if (!requireRestic({ skip: () => undefined })) return;
    const file = join(await temporaryDirectory("laptop"), "password");
    await writeFile(file, "laptop");
    const set = ["storage", "password", "set", "laptop", "laptop", "--verb", "read,append", "--password-file", file];
    const { code, stderr } = await runMycloud([...set, "--state-dir", join(up.stateDir, "storage")]);
    assert.equal(code, 0, stderr);
    const [{ url }] = await list("storage-servers");
    const laptop = { location: `rest:${url.replace("//", "//laptop:laptop@")}/laptop/`, password: "laptop" };
    for (const args of [["init"], ["backup", data]]) {
      const done = await runRestic(laptop, args);
      assert.equal(done.code, 0, done.stderr);
    }
  }

  function letter(at: number): string {
    return `Dear reader ${at},\n`.padEnd(4_000, "the weather is as it was, and so are we. ");
  }

  async function list(path: string, filter: object = {}) {
    return (await up.api("GET", `/api/v1/${path}?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.data;
  }
  const repository = async () => (await list("backup-repositories", { hostName: "web1" }))[0];
  const serviceOf = async (name: string, hostName = "web1") => (await list("services", { hostName, name }))[0];
  const onDisk = async () => join(up.stateDir, "storage/repositories", (await repository()).path);
  const snapshotsOnDisk = async () => await readdir(join(await onDisk(), "snapshots"));

  /** The newest run, when so many have ended. */
  async function ended(count: number): Promise<Run> {
    let runs: Run[] = [];
    await waitFor(
      async () => {
        runs = await list("backup-runs", { hostName: "web1" });
        return runs.filter(({ phase }) => ["done", "failed"].includes(phase)).length >= count;
      },
      60_000,
      `${count} runs`,
    );
    assert.equal(runs[0]?.phase, "done", JSON.stringify(runs[0]));
    return runs[0]!;
  }

  async function backUp(): Promise<Run> {
    const before = (await list("backup-runs", { hostName: "web1" })).length;
    const asked = await up.api("POST", `/api/v1/backup-repositories/${(await repository()).id}/run`);
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    return await ended(before + 1);
  }

  const ask = async (verb: string) =>
    await up.api("POST", `/api/v1/backup-repositories/${(await repository()).id}/${verb}`);

  async function maintained(kind: string, count = 1) {
    let runs: { phase: string; figures: Record<string, number>; message: string | null }[] = [];
    await waitFor(
      async () => {
        runs = await list("backup-maintenance-runs", { hostName: "web1", kind });
        return runs.filter(({ phase }) => phase !== "running").length >= count;
      },
      30_000,
      `${count} maintenance runs of kind ${kind}`,
    );
    assert.equal(runs[0]?.phase, "done", JSON.stringify(runs[0]));
    return runs[0]!;
  }

  async function inState(name: string, state: string): Promise<void> {
    const isRight = async () => (await serviceOf(name))?.state === state;
    await waitFor(isRight, 40_000, `${name} to be ${state}`).catch(async (error: unknown) => {
      throw new Error(`${error}: ${JSON.stringify(await serviceOf(name))}`);
    });
  }

  /** Packs on disk, the largest first. */
  async function largestPacks(): Promise<string[]> {
    const directory = join(await onDisk(), "data");
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const sized = await Promise.all(paths.map(async (path) => ({ path, size: (await stat(path)).size })));
    return sized.sort((a, b) => b.size - a.size).map(({ path }) => path);
  }

  test("retention takes effect: old snapshots are forgotten and their data pruned, by the control plane", async (t) => {
    await writeFile(join(data, "letters/0.txt"), "rewritten");
    await backUp();
    await writeFile(join(data, "letters/1.txt"), "rewritten, too");
    await backUp();
    assert.equal((await snapshotsOnDisk()).length, 3);
    assert.equal((await ask("maintain")).status, 200);
    const { figures } = await maintained("retention");
    assert.deepEqual([figures.snapshotsKept, figures.snapshotsRemoved], [2, 1]);
    assert.equal((await snapshotsOnDisk()).length, 2);
    const { body } = await up.api("GET", "/api/v1/audit-entries?perPage=100");
    assert.ok(body.data.some(({ action }: { action: string }) => action === "backup-repository.retention"));
    if (!requireRestic(t)) return;
    const { stdout } = await runMycloud(["recovery-kit", "web1/home", "--json", "--state-dir", up.stateDir]);
    const { password } = JSON.parse(stdout)[0];
    const checked = await runRestic({ location: await onDisk(), password }, ["check", "--read-data"]);
    assert.equal(checked.code, 0, checked.stderr);
  });

  test("a repository of a stock restic client, which no policy knows, is watched where the storage server runs", async (t) => {
    if (!requireRestic(t)) return;
    const ofStorage = async (name: string) => {
      const isThere = async () => (await serviceOf(name, hostname()))?.output !== undefined;
      return (await waitFor(isThere, 30_000, name)) && (await serviceOf(name, hostname()));
    };
    const freshness = await ofStorage("backup-freshness laptop");
    assert.equal(freshness.state, "OK", freshness.output);
    assert.match(freshness.output, /newest snapshot is .* old; objective \(RPO\) /);
    const verify = await ofStorage("backup-verify laptop");
    assert.equal(verify.state, "OK", verify.output);
    const storage = await ofStorage("storage local");
    assert.match(storage.output, /^STORAGE (OK|WARNING) - .* free/);
    assert.match(storage.perfdata, /used=/);
    assert.ok(
      (await serviceOf("backup-freshness web1/home", hostname())) === undefined,
      "what a policy knows is told of once",
    );
  });

  test("the first run's drill brought files back as they were, and says how long all of it would take", async () => {
    await inState("backup-drill home", "OK");
    const { output, perfdata } = await serviceOf("backup-drill home");
    assert.match(output, /^BACKUP DRILL OK - 50 files \(.*\) came back as they were .* objective \(RTO\) 1 h/);
    assert.match(perfdata, /rto=[1-9]\d?s;2880;3600;0 files=50;;;0 .* faults=0;;0;0 compared_live=50/);
  });

  test("one byte flips on the storage server: the scrub names file and snapshot, the drill fails, the next backup heals", async () => {
    const [pack] = await largestPacks();
    assert.ok(pack !== undefined);
    const bytes = await readFile(pack);
    const at = bytes.length >> 1;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await chmod(pack, 0o600);
    await writeFile(pack, bytes);
    assert.equal((await ask("scrub")).status, 200);
    await waitFor(
      async () => /files are hit/.test((await serviceOf("backup-verify home"))?.output ?? ""),
      40_000,
      "backup-verify to name files",
    );
    const { output, state } = await serviceOf("backup-verify home");
    assert.equal(state, "CRITICAL");
    const newest = (await repository()).lastSnapshotId.slice(0, 8);
    assert.ok(output.includes(newest), output);
    assert.match(output, /letters\/\d+\.txt \([0-9a-f]{8}\)/);
    const before = (await list("backup-runs", { hostName: "web1" })).length;
    assert.equal((await ask("drill")).status, 201);
    await ended(before + 1);
    await inState("backup-verify home", "OK");
    await inState("backup-drill home", "OK");
    await inState("backup-run home", "OK");
  });

  test("40 % of the files encrypted: CRITICAL within one run, frozen and held; acknowledged, retention goes on", async () => {
    for (let at = 0; at < 20; at++) {
      await writeFile(join(data, `letters/${at}.txt.locked`), randomBytes(4_032));
      await rm(join(data, `letters/${at}.txt`));
    }
    const before = await snapshotsOnDisk();
    await backUp();
    await inState("backup-change home", "CRITICAL");
    const { output, perfdata } = await serviceOf("backup-change home");
    assert.match(output, /20 files look encrypted, most of them renamed to \.locked, for example .*\.txt\.locked/);
    assert.match(perfdata, /scrambled=20;;;0 renamed=20/);
    const frozen = await repository();
    assert.ok(frozen.frozenAtMs !== null && /look encrypted/.test(frozen.frozenReason));
    const { figures } = await maintained("hold");
    assert.equal(figures.holdsPlaced, before.length);
    assert.equal((await ask("maintain")).status, 409);
    assert.deepEqual((await readdir(join(await onDisk(), "holds"))).sort(), before.sort());
    // An ordinary run later does not end it.
    await backUp();
    assert.equal((await serviceOf("backup-change home")).state, "CRITICAL");
    const { id: serviceId } = await serviceOf("backup-change home");
    const acknowledged = await up.api("POST", "/api/v1/acknowledgements", {
      body: { serviceIds: [serviceId], comment: "we encrypt our letters now" },
    });
    assert.ok(acknowledged.status < 300, JSON.stringify(acknowledged.body));
    await maintained("release");
    await inState("backup-change home", "OK");
    assert.equal((await ask("maintain")).status, 200);
    await maintained("retention", 2);
    assert.equal((await snapshotsOnDisk()).length, 2);
  });
});
