import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import type { Terminal } from "../../command-line/index.ts";
import { describeProgress } from "./describe-progress.ts";
import { createProgressLine } from "./show-progress.ts";

test("how far an apply is has a rate and the time left, once there is something to count", () => {
  const at = (done: number, total: number, elapsedMs: number) =>
    describeProgress({ progress: { phase: "carrying-out", done, total }, elapsedMs });
  assert.equal(at(34_000, 100_000, 10_000), "carrying out: 34,000 of 100,000, 3,400/s, 20 s left");
  assert.equal(at(0, 100_000, 4_200), "carrying out: 4 s");
  assert.equal(
    describeProgress({ progress: { phase: "planning", done: 0, total: 0 }, elapsedMs: 7_000 }),
    "planning: 7 s",
  );
});

test("the line appears on a terminal only, and not before two seconds", () => {
  const draw = (isTTY: boolean) => {
    const stderr = Object.assign(new PassThrough(), { isTTY });
    let nowMs = 0;
    const terminal: Terminal = {
      stdout: new PassThrough(),
      stderr,
      stdin: new PassThrough(),
      environment: {},
      workingDirectory: "/",
      homeDirectory: "/",
      now: () => nowMs,
      signal: new AbortController().signal,
    };
    const line = createProgressLine(terminal);
    line.report({ phase: "planning", done: 0, total: 0 });
    const early = stderr.read();
    nowMs = 3_000;
    line.report({ phase: "planning", done: 0, total: 0 });
    line.end();
    return { early, text: String(stderr.read() ?? "") };
  };
  assert.deepEqual(draw(false), { early: null, text: "" });
  assert.equal(draw(true).early, null);
  assert.match(draw(true).text, /^\rplanning: 3 s/);
});
