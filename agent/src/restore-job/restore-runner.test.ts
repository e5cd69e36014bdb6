import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { type RestoreProgress, RestoreRequest, type RestoreRunOutcome } from "@mycloud/protocol/restore-run";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { createLogger } from "../logger/index.ts";
import { defaultPolicy } from "../policy/index.ts";
import { sleep } from "../retry-loop/index.ts";
import { agentPaths } from "../state-directory/index.ts";
import type { Outcome } from "../transport/index.ts";
import type { RestoreEngineProgress, RestoreTask } from "./engine/restore-message.ts";
import { startRestores } from "./index.ts";
import type { RestoreEngineEnd, RestoreEngineOptions } from "./run-restore-engine.ts";

const figures = { filesDone: 2, filesTotal: 2, bytesDone: 9, bytesTotal: 9, errorCount: 0, plan: null };
const done: RestoreEngineEnd = {
  kind: "done",
  result: { ...figures, phase: "done", safetySnapshotId: null, errors: [], message: null },
};
const safetySnapshotId = "cd".repeat(32);
const restoring: RestoreEngineProgress = {
  ...figures,
  filesDone: 1,
  phase: "restoring",
  safetySnapshotId,
  bytesPerSecond: null,
  remainingSeconds: null,
  currentPath: null,
};

interface World {
  readonly directory?: string;
  readonly engine?: (task: RestoreTask, options: RestoreEngineOptions) => Promise<RestoreEngineEnd>;
  readonly refuse?: Outcome<never>;
  readonly policy?: Partial<typeof defaultPolicy>;
  readonly request?: Partial<RestoreRequest>;
}

/** A runner with an engine and a control plane of its own. */
async function start(world: World = {}) {
  const directory = world.directory ?? testDirectory();
  const stopping = new AbortController();
  const closing = new AbortController();
  const tasks: RestoreTask[] = [];
  const ends: RestoreRunOutcome[] = [];
  const told: RestoreProgress[] = [];
  const held: number[] = [];
  const request = RestoreRequest.parse({ kind: "rollback", snapshotId: "ab".repeat(32), ...world.request });
  const restores = await startRestores({
    paths: agentPaths(directory),
    hostName: "web1",
    agentVersion: "1",
    engineName: "test",
    controlPlane: {
      restoreCredentials: async () =>
        world.refuse ?? {
          kind: "ok",
          value: { location: "x", certificateAuthority: null, token: "t", tokenExpiresAtMs: 0, password: "p", request },
        },
      sendRestoreProgress: async (_, progress) => {
        told.push(progress);
        return { kind: "ok", value: undefined };
      },
      sendRestoreOutcome: async (outcome) => {
        ends.push(outcome);
        return { kind: "ok", value: { isDuplicate: false } };
      },
    },
    loadPolicy: async () => ({ policy: { ...defaultPolicy, ...world.policy }, fault: undefined }),
    backupJobs: () => [],
    exclusively: async (repositoryId, work) => {
      held.push(repositoryId);
      return await work();
    },
    engine: async (task, options) => {
      tasks.push(task);
      return await (world.engine ?? (async () => done))(task, options);
    },
    patience: {
      backoff: { baseMs: 1, maximumMs: 2 },
      refusedBackoff: { baseMs: 1, maximumMs: 2 },
      random: () => 0,
      sleep: (ms, signal) => sleep(Math.min(ms, 20), signal),
    },
    logger: createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now }),
    now: Date.now,
    signal: stopping.signal,
    closingSignal: closing.signal,
  });
  return {
    directory,
    restores,
    tasks,
    ends,
    told,
    held,
    ask: (runId: string = randomUUID()) => restores.command({ kind: "restore", runId, repositoryId: 3 }),
    async stop() {
      stopping.abort();
      await restores.stop();
      closing.abort();
    },
  };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let left = 200; left > 0; left--) {
    if (isTrue()) return;
    await sleep(20, new AbortController().signal);
  }
  assert.fail("it did not come to that within 4 s");
}

async function untilStopped(_: RestoreTask, { signal, onProgress }: RestoreEngineOptions): Promise<RestoreEngineEnd> {
  onProgress(restoring);
  await sleep(60_000, signal);
  return { kind: "stopped" };
}

test("restores are carried out one after the other, each with its repository held, and told once", async () => {
  const plane = await start();
  const runId = randomUUID();
  assert.equal(await plane.ask(runId), null);
  assert.equal(await plane.ask(runId), null);
  await plane.ask();
  await until(() => plane.ends.length === 2);
  assert.deepEqual([plane.tasks.length, plane.held], [2, [3, 3]]);
  assert.deepEqual([plane.ends[0]?.runId, plane.ends[0]?.phase, plane.ends[0]?.filesDone], [runId, "done", 2]);
  await plane.ask(runId);
  await plane.stop();
});

test("a dry run holds nothing up", async () => {
  const plane = await start({ request: { isDryRun: true } });
  await plane.ask();
  await until(() => plane.ends.length === 1);
  assert.deepEqual(plane.held, []);
  await plane.stop();
});

test("a run that an agent was killed in is finished by the next one, which knows its safety snapshot", async () => {
  const first = await start({ engine: untilStopped });
  await first.ask();
  await until(() => first.told.length === 1);
  await first.stop();
  assert.equal(first.ends.length, 0);
  const second = await start({
    directory: first.directory,
    engine: async () => ({ kind: "failed", message: "not the storage's fault", isRetryable: false }),
  });
  await until(() => second.ends.length === 1);
  assert.equal(second.tasks[0]?.runId, first.tasks[0]?.runId);
  assert.deepEqual([second.ends[0]?.phase, second.ends[0]?.safetySnapshotId], ["failed", safetySnapshotId]);
  await second.stop();
});

test("a cancelled run says what was done; one that waits says that nothing was", async () => {
  const plane = await start({ engine: untilStopped });
  const [one, two] = [randomUUID(), randomUUID()];
  await plane.ask(one);
  await plane.ask(two);
  await until(() => plane.told.length === 1);
  assert.equal(await plane.restores.command({ kind: "restore-cancel", runId: two }), null);
  assert.equal(await plane.restores.command({ kind: "restore-cancel", runId: one }), null);
  await until(() => plane.ends.length === 2);
  const words = new Map(plane.ends.map(({ runId, phase, message }) => [runId, `${phase}: ${message}`]));
  assert.match(words.get(one) ?? "", /^cancelled: .*1 of 2 were done/);
  assert.equal(words.get(two), "cancelled: somebody cancelled it");
  assert.match((await plane.restores.command({ kind: "restore-cancel", runId: one })) ?? "", /not under way/);
  await plane.stop();
});

test("an engine that crashes is tried again, and then failed; a refused or unwanted run is not begun", async () => {
  const crashing = await start({ engine: async () => ({ kind: "failed", message: "SIGKILL", isRetryable: true }) });
  await crashing.ask();
  await until(() => crashing.ends.length === 1);
  assert.deepEqual([crashing.tasks.length, crashing.ends[0]?.message], [6, "SIGKILL (after 6 attempts)"]);
  await crashing.stop();
  const closed = await start({ policy: { allow: ["backup"] } });
  await closed.ask();
  await until(() => closed.ends.length === 1);
  assert.match(closed.ends[0]?.message ?? "", /does not allow restore/);
  await closed.stop();
  const unwanted = await start({ refuse: { kind: "conflict", message: "this run is over" } });
  await unwanted.ask();
  await sleep(200, new AbortController().signal);
  assert.deepEqual([unwanted.tasks.length, unwanted.ends.length], [0, 0]);
  await unwanted.stop();
});
