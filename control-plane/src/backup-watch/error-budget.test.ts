import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { errorBudget } from "./error-budget.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

test("time counts as within the objective for as long as the newest snapshot is young enough", () => {
  const nowMs = 40 * dayMs;
  const daily = Array.from({ length: 40 }, (_, day) => day * dayMs);
  assert.equal(errorBudget(daily, 0, 86_400, nowMs).withinShare, 1);
  // Half a day of each day is later than the objective.
  const late = errorBudget(daily, 0, 43_200, nowMs);
  assert.equal(late.withinShare, 0.5);
  assert.equal(Math.round(late.burnRate), 50);
  assert.equal(Math.round(late.budgetLeft), -49);
  // One day of thirty without a snapshot: a day's worth is missed, and today is well.
  const oneMissed = errorBudget(
    daily.filter((atMs) => atMs !== 20 * dayMs),
    0,
    86_400,
    nowMs,
  );
  assert.equal(oneMissed.withinShare.toFixed(4), (29 / 30).toFixed(4));
  assert.equal(oneMissed.burnRate, 0);
});

test("a policy that has just begun has its objective's time to make a snapshot", () => {
  assert.equal(errorBudget([], 10 * hourMs, 3600, 11 * hourMs).withinShare, 1);
  assert.equal(errorBudget([], 10 * hourMs, 3600, 12 * hourMs).withinShare, 0.5);
});

test("shares stay between 0 and 1, and more snapshots never make them smaller", () => {
  const instants = fc.array(fc.integer({ min: 0, max: 60 * dayMs }), { maxLength: 40 });
  fc.assert(
    fc.property(instants, fc.integer({ min: 60, max: 400_000 }), fc.nat(60 * dayMs), (atMs, rpo, more) => {
      const sorted = [...atMs].sort((a, b) => a - b);
      const { withinShare } = errorBudget(sorted, 0, rpo, 60 * dayMs);
      assert.ok(withinShare >= 0 && withinShare <= 1);
      const fuller = [...sorted, more].sort((a, b) => a - b);
      assert.ok(errorBudget(fuller, 0, rpo, 60 * dayMs).withinShare >= withinShare - 1e-9);
    }),
  );
});
