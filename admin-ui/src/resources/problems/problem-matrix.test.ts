import assert from "node:assert/strict";
import { test } from "node:test";
import { compareProblems, problemMatrix } from "./problem-matrix.ts";

const problem = (state: string, impact: number, startedAtMs: number, isAcknowledged = false) => ({
  state,
  impact,
  startedAtMs,
  isAcknowledged,
  isInDowntime: false,
  isHostDown: false,
});

test("problems are counted by state and age, the worst first", () => {
  const nowMs = 100 * 86_400_000;
  const rows = problemMatrix(
    [
      problem("WARNING", 1, nowMs - 60_000),
      problem("DOWN", 5, nowMs - 2 * 86_400_000),
      problem("DOWN", 5, nowMs - 1_800_000),
      problem("CRITICAL", 4, nowMs - 7_200_000),
    ],
    nowMs,
  );
  assert.deepEqual(
    rows.map((row) => [row.state, row.counts, row.total]),
    [
      ["DOWN", [0, 1, 0, 1], 2],
      ["CRITICAL", [0, 0, 1, 0], 1],
      ["WARNING", [1, 0, 0, 0], 1],
    ],
  );
});

test("handled problems come after unhandled ones, whatever their impact", () => {
  const sorted = [
    problem("DOWN", 5, 1, true),
    problem("WARNING", 1, 5),
    problem("CRITICAL", 4, 1),
    problem("CRITICAL", 4, 9),
  ].sort(compareProblems);
  assert.deepEqual(
    sorted.map((each) => [each.state, each.startedAtMs]),
    [
      ["CRITICAL", 9],
      ["CRITICAL", 1],
      ["WARNING", 5],
      ["DOWN", 1],
    ],
  );
});
