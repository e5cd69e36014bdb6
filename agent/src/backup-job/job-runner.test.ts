import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { BackupJob } from "@mycloud/protocol/backup-policy";
import type { BackupRunOutcome } from "@mycloud/protocol/backup-run";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { createLogger } from "../logger/index.ts";
import { defaultPolicy } from "../policy/index.ts";
import { sleep } from "../retry-loop/index.ts";
import { agentPaths } from "../state-directory/index.ts";
import type { Outcome } from "../transport/index.ts";
import type { EngineTask } from "./engine/engine-message.ts";
import { createJobRunner, openJobStates, openOutcomeSpool } from "./index.ts";
import type { EngineEnd, EngineOptions } from "./run-engine.ts";

const done: EngineEnd = {
  kind: "done",
  result: {
    snapshots: [{ id: "ab".repeat(32), source: "paths" }],
    figures: { filesNew: 1 },
    unreadableCount: 0,
    errors: [],
    change: null,
    drill: null,
    failures: [],
  },
};
const job = BackupJob.parse({
  repositoryId: 3,
  policyName: "home",
  keyMode: "managed",
  schedule: {},
  paths: ["/home"],
});
const credentials = {
  location: "rest:http://127.0.0.1/x/",
  certificateAuthority: null,
  token: "t",
  tokenExpiresAtMs: 0,
  drill: null,
  mayPrune: false,
};

interface World {
  readonly directory?: string;
  readonly engine?: (task: EngineTask, options: EngineOptions) => Promise<EngineEnd>;
  readonly refuse?: Outcome<never>;
  readonly isOnBattery?: boolean;
  readonly policy?: Partial<typeof defaultPolicy>;
  readonly nowMs?: number;
}

/** A runner with an engine and a control plane of its own. */
async function startRunner(world: World = {}) {
  const directory = world.directory ?? testDirectory();
  const paths = agentPaths(directory);
  const logger = createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now });
  // The same time of day whenever it runs: hours that are added do not lead into the next day, where a run is due anew.
  const clock = { offsetMs: new Date().setUTCHours(6, 0, 0, 0) - Date.now() };
  const stopping = new AbortController();
  const ends: BackupRunOutcome[] = [];
  const tasks: EngineTask[] = [];
  const waiting: (string | null)[] = [];
  const outcomes = await openOutcomeSpool(paths.backupOutcomes, logger);
  const states = await openJobStates(paths.backupJobs);
  const runner = createJobRunner({
    paths,
    hostName: "web1",
    agentVersion: "1",
    engineName: "test",
    controlPlane: {
      backupCredentials: async () =>
        world.refuse ?? { kind: "ok", value: { ...credentials, password: "managed password" } },
      sendBackupProgress: async (_, { message }) => {
        waiting.push(message);
        return { kind: "ok", value: undefined };
      },
    },
    loadPolicy: async () => ({ policy: { ...defaultPolicy, ...world.policy }, fault: undefined }),
    engine: async (task, options) => {
      tasks.push(task);
      return await (world.engine ?? (async () => done))(task, options);
    },
    states,
    outcomes,
    onOutcome: () => undefined,
    isNewHost: true,
    isOnBattery: async () => world.isOnBattery ?? false,
    isMetered: async () => false,
    patience: {
      backoff: { baseMs: 1, maximumMs: 2 },
      refusedBackoff: { baseMs: 1, maximumMs: 2 },
      random: () => 0.5,
      sleep,
    },
    now: () => Date.now() + clock.offsetMs,
    logger,
    signal: stopping.signal,
  });
  return {
    directory,
    runner,
    tasks,
    waiting,
    clock,
    state: () => states.get(3),
    async ends() {
      await outcomes.deliverOldest({
        sendBackupOutcome: async (outcome) => {
          ends.push(outcome);
          return { kind: "ok", value: { isDuplicate: false } };
        },
      });
      return ends;
    },
    async stop() {
      stopping.abort();
      await runner.stop();
    },
  };
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 3_000; left > 0; left--) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail("it did not come to that within a minute");
}

/** An engine that works until it is stopped. */
async function untilStopped(_: EngineTask, { signal }: EngineOptions): Promise<EngineEnd> {
  await sleep(60_000, signal);
  return { kind: "stopped" };
}

test("a new job runs at once, and not again before its time", async () => {
  const plane = await startRunner();
  plane.runner.configure([job]);
  await until(async () => (await plane.ends()).length === 1);
  const [end] = await plane.ends();
  assert.deepEqual([end?.phase, end?.trigger, end?.repositoryId], ["done", "enrolment", 3]);
  assert.equal(plane.tasks[0]?.password, "managed password");
  plane.runner.configure([job]);
  await sleep(100, new AbortController().signal);
  assert.equal(plane.tasks.length, 1);
  await plane.stop();
});

test("a run that was cut off goes on with the next agent, under its own name", async () => {
  const first = await startRunner({ engine: untilStopped });
  first.runner.configure([job]);
  await until(() => first.tasks.length === 1);
  await first.stop();
  assert.equal((await first.ends()).length, 0);
  const second = await startRunner({ directory: first.directory });
  second.runner.configure([job]);
  await until(async () => (await second.ends()).length === 1);
  assert.deepEqual(
    [first.tasks[0]?.isResumed, second.tasks[0]?.isResumed, second.tasks[0]?.runId],
    [false, true, first.tasks[0]?.runId],
  );
  assert.equal(second.state()?.activeRun, null);
  await second.stop();
});

test("a run whose end was written down is not begun again", async () => {
  const first = await startRunner({ engine: untilStopped });
  first.runner.configure([job]);
  await until(() => first.tasks.length === 1);
  await first.stop();
  const runId = first.tasks[0]?.runId ?? "";
  // The agent before wrote the end and was killed before it noted that the run is over.
  const logger = createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now });
  const outcomes = await openOutcomeSpool(agentPaths(first.directory).backupOutcomes, logger);
  const identity = { repositoryId: 3, trigger: "enrolment" as const, startedAtMs: 1, agentVersion: "1" };
  const end = {
    phase: "done" as const,
    snapshots: [],
    figures: {},
    unreadableCount: 0,
    errors: [],
    change: null,
    drill: null,
    message: null,
  };
  await outcomes.add({ runId, ...identity, ...end, finishedAtMs: 2 });
  const second = await startRunner({ directory: first.directory });
  second.runner.configure([job]);
  await until(() => second.state()?.activeRun === null);
  assert.equal(second.tasks.length, 0);
  assert.equal((await second.ends())[0]?.runId, runId);
  await second.stop();
});

test("pausing stops a run where it is, and resuming goes on with the same one", async () => {
  const plane = await startRunner({ engine: untilStopped });
  plane.runner.configure([job]);
  await until(() => plane.tasks.length === 1);
  assert.equal(await plane.runner.command({ kind: "backup-pause", repositoryId: 3 }), null);
  await until(() => plane.waiting.includes("paused"));
  assert.match((await plane.runner.command({ kind: "backup-now", repositoryId: 3 })) ?? "", /paused/);
  await plane.runner.command({ kind: "backup-resume", repositoryId: 3 });
  await until(() => plane.tasks.length === 2);
  assert.equal(plane.tasks[1]?.runId, plane.tasks[0]?.runId);
  await plane.stop();
});

test("while a repository is somebody else's, a run of it lets go, none begins, and it goes on afterwards", async () => {
  const plane = await startRunner({ engine: untilStopped });
  plane.runner.configure([job]);
  await until(() => plane.tasks.length === 1);
  const order: string[] = [];
  const held = plane.runner.exclusively(3, async () => {
    order.push(`held after ${plane.tasks.length} run`);
    await plane.runner.command({ kind: "backup-now", repositoryId: 3 });
    await sleep(150, new AbortController().signal);
    order.push(`freed after ${plane.tasks.length} run`);
    return "result";
  });
  assert.equal(await plane.runner.exclusively(4, async () => "another is free"), "another is free");
  assert.equal(await held, "result");
  assert.deepEqual(order, ["held after 1 run", "freed after 1 run"]);
  await until(() => plane.tasks.length === 2);
  assert.equal(plane.tasks[1]?.runId, plane.tasks[0]?.runId);
  assert.ok(plane.waiting.includes("files are being brought back first"));
  await plane.stop();
});

test("a cancelled run ends as that, and a run can be asked for again", async () => {
  let isStopping = true;
  const plane = await startRunner({
    engine: (task, options) => (isStopping ? untilStopped(task, options) : Promise.resolve(done)),
  });
  plane.runner.configure([job]);
  await until(() => plane.tasks.length === 1);
  assert.match((await plane.runner.command({ kind: "backup-now", repositoryId: 3 })) ?? "", /under way/);
  assert.match((await plane.runner.command({ kind: "backup-cancel", runId: "other" })) ?? "", /not under way/);
  isStopping = false;
  await plane.runner.command({ kind: "backup-cancel", runId: plane.tasks[0]?.runId ?? "" });
  await until(async () => (await plane.ends()).length === 1);
  assert.equal((await plane.ends())[0]?.phase, "cancelled");
  assert.equal(await plane.runner.command({ kind: "backup-now", repositoryId: 3 }), null);
  await until(async () => (await plane.ends()).length === 2);
  assert.deepEqual(
    (await plane.ends()).map(({ phase, trigger }) => `${phase} ${trigger}`),
    ["cancelled enrolment", "done manual"],
  );
  await plane.stop();
});

test("while the control plane is away a run waits, and one that it does not want is dropped", async () => {
  const away = await startRunner({ refuse: { kind: "unreachable", message: "nobody listens there" } });
  away.runner.configure([job]);
  await until(() => away.state()?.activeRun != null);
  await sleep(100, new AbortController().signal);
  assert.deepEqual([away.tasks.length, (await away.ends()).length], [0, 0]);
  assert.notEqual(away.state()?.activeRun, null);
  await away.stop();
  const unwanted = await startRunner({
    directory: away.directory,
    refuse: { kind: "conflict", message: "this run is over" },
  });
  unwanted.runner.configure([job]);
  await until(() => unwanted.state()?.activeRun === null);
  assert.equal((await unwanted.ends()).length, 0);
  await unwanted.stop();
});

test("an engine that crashes is tried again within the run, and what cannot be helped fails it", async () => {
  const plane = await startRunner({
    engine: async () => ({ kind: "failed", message: "disk full", isRetryable: false }),
  });
  plane.runner.configure([job]);
  await until(async () => (await plane.ends()).length === 1);
  assert.deepEqual([(await plane.ends())[0]?.phase, (await plane.ends())[0]?.message], ["failed", "disk full"]);
  await plane.stop();
  const crashing = await startRunner({
    engine: async () => ({ kind: "failed", message: "SIGSEGV", isRetryable: true }),
  });
  crashing.runner.configure([job]);
  for (let attempt = 1; attempt <= 6; attempt++) {
    await until(() => crashing.tasks.length === attempt);
    crashing.clock.offsetMs += 3_600_000;
    crashing.runner.configure([job]);
  }
  await until(async () => (await crashing.ends()).length === 1);
  assert.match((await crashing.ends())[0]?.message ?? "", /SIGSEGV \(after 6 attempts\)/);
  assert.equal(new Set(crashing.tasks.map(({ runId }) => runId)).size, 1);
  await crashing.stop();
});

test("on battery a job that is told to skips, unless somebody asks for it", async () => {
  const plane = await startRunner({ isOnBattery: true });
  plane.runner.configure([{ ...job, onBattery: "skip" }]);
  await until(() => plane.state() !== undefined);
  await sleep(100, new AbortController().signal);
  assert.equal(plane.tasks.length, 0);
  await plane.runner.command({ kind: "backup-now", repositoryId: 3 });
  await until(() => plane.tasks.length === 1);
  await plane.stop();
});

test("hooks are programs of the host's own list; one before that fails keeps the backup from beginning", async () => {
  const hooks = { ok: ["/bin/true"], bad: ["/bin/sh", "-c", "echo no volume >&2; exit 3"] } as const;
  const policy = { backupHooks: { ok: [...hooks.ok], bad: [...hooks.bad] } };
  const failing = await startRunner({ policy });
  failing.runner.configure([{ ...job, hooksBefore: ["ok", "bad"] }]);
  await until(async () => (await failing.ends()).length === 1);
  assert.deepEqual(
    [(await failing.ends())[0]?.message, failing.tasks.length],
    ["hook bad: it ended with 3: no volume", 0],
  );
  await failing.stop();
  const unknown = await startRunner({ policy });
  unknown.runner.configure([{ ...job, hooksAfter: ["nosuch", "ok"] }]);
  await until(async () => (await unknown.ends()).length === 1);
  const [end] = await unknown.ends();
  assert.deepEqual([end?.phase, end?.message], ["done", "hook nosuch: this host's policy names no such hook"]);
  await unknown.stop();
});

test("a host that does not allow backups makes none, and says so", async () => {
  const plane = await startRunner({ policy: { allow: ["check-now"] } });
  plane.runner.configure([job]);
  await until(async () => (await plane.ends()).length === 1);
  assert.match((await plane.ends())[0]?.message ?? "", /policy.yaml does not allow backup/);
  assert.equal(plane.tasks.length, 0);
  await plane.stop();
});

test("a private repository's password is made here, kept with mode 0600, and the same for each run", async () => {
  const plane = await startRunner();
  plane.runner.configure([{ ...job, keyMode: "private" }]);
  await until(async () => (await plane.ends()).length === 1);
  // Its end is on disk a moment before the run counts as over.
  await until(async () => (await plane.runner.command({ kind: "backup-now", repositoryId: 3 })) === null);
  await until(async () => (await plane.ends()).length === 2);
  const [first, second] = plane.tasks.map(({ password }) => password);
  assert.equal(first, second);
  assert.notEqual(first, "managed password");
  const { backupKeys } = agentPaths(plane.directory);
  assert.deepEqual(await readdir(backupKeys), ["3.json"]);
  const { statSync } = await import("node:fs");
  assert.equal(statSync(`${backupKeys}/3.json`).mode & 0o777, 0o600);
  await plane.stop();
});

test("a job whose policy is gone ends its run", async () => {
  const plane = await startRunner({ engine: untilStopped });
  plane.runner.configure([job]);
  await until(() => plane.tasks.length === 1);
  plane.runner.configure([]);
  await until(async () => (await plane.ends()).length === 1);
  assert.match((await plane.ends())[0]?.message ?? "", /no policy backs this host up any more/);
  await until(() => plane.state() === undefined);
  await plane.stop();
});
