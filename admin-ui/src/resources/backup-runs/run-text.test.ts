import assert from "node:assert/strict";
import { test } from "node:test";
import { percentOf, phaseTone, runText, sizeText } from "./run-text.ts";

const progress = {
  phase: "backing-up" as const,
  message: null,
  filesDone: 3,
  filesTotal: 9,
  bytesDone: 1024 ** 3,
  bytesTotal: 4 * 1024 ** 3,
  isTotalKnown: true,
  bytesPerSecond: 10 * 1024 ** 2,
  remainingSeconds: 307,
  currentPaths: [],
  errorCount: 0,
  toldAtMs: 0,
};

test("sizes are told in the unit that fits", () => {
  assert.deepEqual([0, 1023, 1024, 1536, 200 * 1024 ** 2].map(sizeText), [
    "0 B",
    "1023 B",
    "1.0 KiB",
    "1.5 KiB",
    "200 MiB",
  ]);
});

test("a run under way says how far it is, how fast, and how long it takes", () => {
  const run = { phase: "backing-up" as const, progress, figures: {}, message: null };
  assert.equal(runText(run), "1.0 GiB of 4.0 GiB, 10.0 MiB/s, 5 min left");
  assert.equal(percentOf(run), 25);
  const scanning = { ...run, progress: { ...progress, isTotalKnown: false, remainingSeconds: null } };
  assert.equal(runText(scanning), "1.0 GiB, 10.0 MiB/s");
  assert.equal(percentOf(scanning), null);
  const waiting = { ...run, progress: { ...progress, phase: "waiting" as const, message: "paused" } };
  assert.equal(runText(waiting), "paused");
});

test("a run that has ended says what it added, or why it did not", () => {
  const figures = { filesNew: 2, filesChanged: 1, dataAddedPackedBytes: 2048 };
  assert.equal(runText({ phase: "done", progress: null, figures, message: null }), "2 new, 1 changed, 2.0 KiB added");
  assert.equal(runText({ phase: "failed", progress: null, figures: {}, message: "no space" }), "no space");
  assert.equal(phaseTone({ phase: "done", unreadableCount: 1 }), "tone-warning");
});
