import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { RestoreRun } from "@mycloud/protocol/restore-run";
import { CommandError, type Terminal } from "../../command-line/index.ts";
import { follow } from "./follow.ts";
import { createRunDisplay } from "./run-display.ts";
import { progressOfRestore, type RunProgress } from "./run-progress.ts";
import { whileWaiting } from "./while-waiting.ts";

function setUp(isTTY: boolean) {
  const stderr = Object.assign(new PassThrough(), { isTTY, columns: 60 });
  const clock = { nowMs: 1_000_000 };
  const interruption = new AbortController();
  const terminal: Terminal = {
    ...{ stdout: new PassThrough(), stderr, stdin: new PassThrough(), environment: {}, workingDirectory: "/" },
    ...{ homeDirectory: "/", now: () => clock.nowMs, signal: interruption.signal },
  };
  let text = "";
  stderr.on("data", (piece) => {
    text += String(piece);
  });
  const shown = () => {
    const all = text;
    text = "";
    return all;
  };
  return { terminal, clock, interruption, shown };
}

function progress(phase: string, bytesDone: number): RunProgress {
  return {
    progress: {
      ...{ phase, filesDone: 1, filesTotal: 2, bytesDone, bytesTotal: 4096, isTotalKnown: true, errors: 0 },
      current: ["/srv/a\u001b[2Jvery/long/path/that/does/not/fit/on/one/line.iso"],
    },
    figures: { bytesPerSecond: 1024, remainingMs: 3000, fraction: bytesDone / 4096 },
    startedAtMs: 1_000_000,
    waitsFor: null,
  };
}

test("on a terminal one line is redrawn, no wider than it is, and cleared in the end", async () => {
  const { terminal, shown } = setUp(true);
  const display = createRunDisplay(terminal);
  await display.show(progress("backing-up", 1024));
  const line = shown();
  assert.match(line, /^\r\u001b\[Kbacking-up {2} 25.0%/);
  assert.ok(line.length <= 60 + "\r\u001b[K".length && !line.includes("\n") && !line.includes("\u001b[2J"), line);
  await display.end();
  assert.equal(shown(), "\r\u001b[K");
});

test("elsewhere lines stay: one for each phase, and one every ten seconds", async () => {
  const { terminal, clock, shown } = setUp(false);
  const display = createRunDisplay(terminal);
  for (const [phase, atMs] of [
    ["scanning", 0],
    ["backing-up", 500],
    ["backing-up", 5000],
    ["backing-up", 10_600],
  ] as const) {
    clock.nowMs = 1_000_000 + atMs;
    await display.show(progress(phase, 1024));
  }
  assert.deepEqual(
    shown()
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0]),
    ["scanning", "backing-up", "backing-up"],
  );
});

test("a control plane that is away for a moment is waited for, another failure ends the following", async () => {
  const { terminal, shown } = setUp(false);
  const answers: (string | CommandError)[] = [
    new CommandError("unavailable", "nothing listens there"),
    new CommandError("unavailable", "nothing listens there"),
    "running",
    "over",
  ];
  const options = {
    ...{ terminal, display: createRunDisplay(terminal), everyMs: 1 },
    look: async () => {
      const next = answers.shift() ?? new CommandError("notFound", "gone");
      if (next instanceof CommandError) throw next;
      return next;
    },
    isOver: (run: string) => run === "over",
    progressOf: () => progress("restoring", 10),
  };
  assert.equal(await follow(options), "over");
  assert.match(shown(), /^nothing listens there; trying again\nrestoring [^\n]*\n$/);
  await assert.rejects(follow(options), /gone/);
});

test("whoever stops looking gets no answer and no error", async () => {
  const { terminal, interruption } = setUp(false);
  setTimeout(() => interruption.abort(), 20);
  const followed = follow({
    ...{ terminal, display: createRunDisplay(terminal), everyMs: 5, look: async () => "running" },
    ...{ isOver: () => false, progressOf: () => progress("restoring", 10) },
  });
  assert.equal(await followed, undefined);
});

test("a run that no agent takes says who is waited for", () => {
  const run = RestoreRun.parse({
    ...{ id: 1, runId: "5f2b3a52-1111-4c1a-8a4e-000000000002", repositoryId: 1, hostId: 1, hostName: "web1" },
    request: { kind: "checkout", snapshotId: "a".repeat(64) },
    ...{ phase: "waiting", plan: null, safetySnapshotId: null, filesDone: 0, filesTotal: 0, bytesDone: 0 },
    ...{ bytesTotal: 0, bytesPerSecond: null, remainingSeconds: null, currentPath: null, errorCount: 0, errors: [] },
    ...{ message: null, requestedByName: "anna", createdAtMs: 1000, startedAtMs: null, finishedAtMs: null },
  });
  assert.equal(progressOfRestore(run, 2000).waitsFor, null);
  assert.match(progressOfRestore(run, 20_000).waitsFor ?? "", /web1 has not answered yet; is it on\?/);
});

test("what takes longer than two seconds says what is waited for, until its output begins", async () => {
  const { terminal, clock, shown } = setUp(true);
  const answer = await whileWaiting(terminal, "searching", async (end) => {
    clock.nowMs += 3000;
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.match(shown(), /^\r\u001b\[Ksearching {2}3s/);
    end();
    assert.equal(shown(), "\r\u001b[K");
    return 7;
  });
  assert.equal(answer, 7);
  assert.equal(shown(), "");
});
