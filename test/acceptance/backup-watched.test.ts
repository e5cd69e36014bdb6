// Backups watched like anything else, with real processes: retention, suspicious changes, drills, and a byte that flips on the storage server.
import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
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
  });

  function letter(at: number): string {
    return `Dear reader ${at},\n`.padEnd(4_000, "the weather is as it was, and so are we. ");
  }

  async function list(path: string, filter: object = {}) {
    return (await up.api("GET", `/api/v1/${path}?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.data;
  }
  const repository = async () => (await list("backup-repositories", { hostName: "web1" }))[0];
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
    const audit = await list("audit-entries", { q: "backup-repository.retention" }).catch(() => []);
    assert.ok(Array.isArray(audit));
    if (!requireRestic(t)) return;
    const { stdout } = await runMycloud(["recovery-kit", "web1/home", "--json", "--state-dir", up.stateDir]);
    const { password } = JSON.parse(stdout)[0];
    const checked = await runRestic({ location: await onDisk(), password }, ["check", "--read-data"]);
    assert.equal(checked.code, 0, checked.stderr);
  });
});
