// `npm run test:faults`: the storage server and the control plane are killed (SIGKILL) in the middle of restores and rollbacks that a real agent
// carries out. Nothing is half written, the run comes to its end by itself, its safety snapshot is taken once, and it runs once.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  cleanupOfSuite,
  descendantsOf,
  listProcesses,
  type MycloudProcess,
  runMycloud,
  startMycloud,
  startServer,
  startStorage,
  type TestServer,
  type TestStorage,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

type Victim = "storage server" | "control plane";
type Phase = "safety-snapshot" | "restoring";

interface Shown {
  readonly runId: string;
  readonly phase: string;
  readonly filesDone: number;
  readonly errorCount: number;
  readonly errors: unknown[];
  readonly safetySnapshotId: string | null;
}

const fileCount = 40;
const fileSize = 300_000;
/** Slow enough to be hit in the middle. */
const bytesPerSecond = 2_000_000;
const endPhases = ["planned", "conflicts", "done", "failed", "cancelled"];
const engineModule = "restore-job/engine/main.ts";

const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("files are brought back while others are killed", { timeout: 600_000 }, () => {
  const cleanup = cleanupOfSuite();
  let server: TestServer;
  let storage: TestStorage;
  let storageEnv: Record<string, string> = {};
  let agent: MycloudProcess;
  let data = "";
  let repositoryId = 0;
  let snapshotId = "";
  /** By name, what the snapshot has. */
  const good = new Map<string, string>();

  const list = async (path: string, filter: object = {}) =>
    (await server.api("GET", `/api/v1/${path}?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body.data;

  async function made(path: string, body: object) {
    const { status, body: answer } = await server.api("POST", `/api/v1/${path}`, { body });
    assert.ok(status < 300, `${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  before(async () => {
    server = await startServer(cleanup);
    const keys = join(await temporaryDirectory("storage-keys"), "keys.json");
    await writeFile(keys, await (await fetch(`${server.url}/api/v1/storage-keys`)).text());
    storageEnv = { MYCLOUD_STORAGE_TOKEN_KEYS: keys };
    storage = await startStorage(cleanup, { env: storageEnv });
    data = await temporaryDirectory("restore-faults");
    await mkdir(join(data, "files"));
    for (let at = 0; at < fileCount; at++) {
      const bytes = randomBytes(fileSize);
      good.set(`${at}.bin`, digestOf(bytes));
      await writeFile(join(data, `files/${at}.bin`), bytes);
    }
    await made("storage-servers", { name: "local", url: storage.url, isDefault: true });
    const bandwidth = [{ downloadBytesPerSecond: bytesPerSecond, uploadBytesPerSecond: bytesPerSecond }];
    const selector = { hosts: ["web1"] };
    await made("backup-policies", { name: "home", selector, paths: [data], schedule: { splaySeconds: 0 }, bandwidth });
    const agentState = await temporaryDirectory("restore-faults-agent");
    const { token } = await made("enrolment-tokens", {});
    const enrolled = await runMycloud(
      ["agent", "enrol", "--server", server.url, "--state-dir", agentState, "--host-name", "web1"],
      { env: { MYCLOUD_ENROLMENT_TOKEN: token } },
    );
    assert.equal(enrolled.code, 0, enrolled.stderr);
    agent = startMycloud(["agent", "run", "--state-dir", agentState]);
    cleanup.after(async () => {
      await agent.stop();
    });
    await waitFor(
      async () => {
        snapshotId = (await list("backup-runs", { phase: "done" }))[0]?.snapshots[0]?.id ?? "";
        return snapshotId !== "";
      },
      90_000,
      "the first backup",
    );
    repositoryId = (await list("backup-repositories"))[0].id;
  });

  const show = async (id: number): Promise<Shown> => (await server.api("GET", `/api/v1/restore-runs/${id}`)).body;

  async function killAndStart(victim: Victim, whileAway: () => Promise<void>): Promise<void> {
    if (victim === "control plane") {
      await server.kill();
      await whileAway();
      await server.start();
      return;
    }
    storage.process().kill("SIGKILL");
    await storage.process().ended;
    await whileAway();
    await storage.start(storageEnv);
  }

  /** Each file that has its own name is one of the versions that there may be, whole. */
  async function assertWhole(directory: string, allowed: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
    const names = await readdir(directory).catch(() => []);
    for (const name of names.filter((one) => one.endsWith(".bin"))) {
      const bytes = await readFile(join(directory, name)).catch(() => null);
      if (bytes !== null) assert.ok(allowed.get(name)?.has(digestOf(bytes)), `${name} is half written`);
    }
  }

  async function assertGood(directory: string): Promise<void> {
    assert.deepEqual((await readdir(directory)).sort(), [...good.keys()].sort());
    for (const [name, digest] of good) assert.equal(digestOf(await readFile(join(directory, name))), digest, name);
  }

  /** The most engines that bring files back at one time, as long as it is watched. */
  function watchEngines(): () => number {
    let most = 0;
    const timer = setInterval(() => {
      const processes = listProcesses();
      const own = new Set(descendantsOf(agent.pid, processes));
      const engines = processes.filter(({ pid, command }) => own.has(pid) && command.includes(engineModule));
      most = Math.max(most, engines.length);
    }, 100);
    // A scene that fails never asks; the file ends all the same.
    timer.unref();
    return () => {
      clearInterval(timer);
      return most;
    };
  }

  interface Scene {
    readonly kind: "restore" | "rollback";
    readonly victim: Victim;
    readonly phase: Phase;
  }
  const scenes: readonly Scene[] = (["storage server", "control plane"] as const).flatMap((victim) => [
    { kind: "restore", victim, phase: "restoring" },
    { kind: "rollback", victim, phase: "safety-snapshot" },
    { kind: "rollback", victim, phase: "restoring" },
  ]);

  for (const { kind, victim, phase } of scenes) {
    test(`kill -9 of the ${victim} in a ${kind}, in its phase ${phase}`, async () => {
      const target = await temporaryDirectory("restore-faults-target");
      const isRollback = kind === "rollback";
      const directory = isRollback ? join(data, "files") : join(target, data, "files");
      const allowed = new Map([...good].map(([name, digest]) => [name, new Set([digest])]));
      if (isRollback) {
        for (const name of good.keys()) {
          const bytes = randomBytes(fileSize);
          allowed.get(name)?.add(digestOf(bytes));
          await writeFile(join(directory, name), bytes);
        }
        await writeFile(join(directory, "junk"), "junk");
      }
      const place = isRollback ? { paths: [directory] } : { targetDirectory: target };
      const begunBefore = agent.stderr().split("restore begins").length;
      const { id } = await made(`backup-repositories/${repositoryId}/restores`, { kind, snapshotId, ...place });
      const mostEngines = watchEngines();
      await waitFor(
        async () => {
          const shown = await show(id);
          assert.ok(!endPhases.includes(shown.phase), JSON.stringify(shown));
          return shown.phase === phase && (phase === "safety-snapshot" || shown.filesDone > 3);
        },
        60_000,
        `the phase ${phase}`,
      );
      await killAndStart(victim, async () => {
        await assertWhole(directory, allowed);
        await sleep(2_000);
        await assertWhole(directory, allowed);
      });
      let ended = await show(id);
      await waitFor(
        async () => {
          ended = await show(id);
          return endPhases.includes(ended.phase);
        },
        150_000,
        "the run to end",
      ).catch((error: unknown) => {
        throw new Error(`${error}: ${JSON.stringify(ended)}\n${agent.stderr().slice(-3000)}`);
      });
      assert.deepEqual([ended.phase, ended.errorCount], ["done", 0], JSON.stringify(ended));
      await assertGood(directory);
      assert.equal(mostEngines(), 1, "engines at one time");
      const { snapshots } = (await server.api("GET", `/api/v1/backup-repositories/${repositoryId}/snapshots`)).body;
      const own = snapshots.filter(({ tags }: { tags: string[] }) => tags.includes(`run=${ended.runId}`));
      assert.equal(own.length, isRollback ? 1 : 0, "safety snapshots");
      assert.equal(ended.safetySnapshotId, isRollback ? own[0].id : null);
      const ends = agent.stderr().split("restore ended").length - 1;
      assert.equal((await list("restore-runs")).length, ends, "each run has ended once");
      // A second attempt of the same run is one that goes on; it never begins beside the first, as the engines above show.
      assert.ok(agent.stderr().split("restore begins").length > begunBefore);
      await rm(target, { recursive: true, force: true });
    });
  }
});
