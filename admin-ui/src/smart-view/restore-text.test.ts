import assert from "node:assert/strict";
import { test } from "node:test";
import type { RestoreRun } from "@mycloud/protocol/restore-run";
import { isOver, planText, restoreText } from "./restore-text.ts";

const plan = {
  creates: 0,
  replaces: 0,
  removes: 0,
  metadata: 0,
  unchanged: 9,
  conflicts: 0,
  bytesToWrite: 0,
  actions: [],
};
const run: RestoreRun = {
  id: 1,
  runId: "0b0e0cb8-6ad5-4f6c-8d6e-0d2d4b3a9a11",
  repositoryId: 1,
  hostId: 1,
  hostName: "web1",
  request: {
    kind: "rollback",
    snapshotId: "ab".repeat(32),
    paths: [],
    targetDirectory: null,
    isForced: false,
    isDryRun: false,
  },
  phase: "done",
  plan,
  safetySnapshotId: "cd".repeat(32),
  filesDone: 1200,
  filesTotal: 1200,
  bytesDone: 2048,
  bytesTotal: 4096,
  bytesPerSecond: 1024,
  remainingSeconds: 2,
  currentPath: null,
  errorCount: 0,
  errors: [],
  message: null,
  requestedByName: "Anna",
  createdAtMs: 0,
  startedAtMs: 0,
  finishedAtMs: 1,
};

test("a rollback that is done says how it is undone", () => {
  assert.equal(
    restoreText(run),
    "Done: 1,200 files, 2.0 KiB. To undo it, roll back to the snapshot cdcdcdcd, taken just before.",
  );
  assert.match(restoreText({ ...run, errorCount: 2 }), /2 entries could not be brought back/);
});

test("one under way says how far, how fast and how long still", () => {
  assert.equal(restoreText({ ...run, phase: "restoring" }), "2.0 KiB of 4.0 KiB, 1.0 KiB/s, 2s left");
  assert.equal(isOver({ phase: "restoring" }), false);
  assert.equal(isOver({ phase: "conflicts" }), true);
});

test("a plan says what it comes to, and when it is nothing", () => {
  assert.equal(planText(plan), "It is all as in the snapshot already.");
  assert.equal(
    planText({ ...plan, creates: 2, removes: 1000, bytesToWrite: 10 }),
    "2 new, 1,000 removed; 10 B to write.",
  );
});
