import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { DEFAULT_FLAPPING } from "./check-policy.ts";
import { isFlappingAt, percentStateChange, recordState, STEADY_HISTORY } from "./flapping.ts";

test("newer changes weigh more: 3.75 percent for the oldest, 6.25 for the newest, 100 for all", () => {
  const table: [string, number][] = [
    ["000000000000000000000", 0],
    ["111111111111111111111", 0],
    ["100000000000000000000", 3.75],
    ["000000000000000000002", 6.25],
    ["010101010101010101010", 100],
    ["012012012012012012012", 100],
  ];
  for (const [history, percent] of table) assert.ok(Math.abs(percentStateChange(history) - percent) < 1e-9, history);
});

test("a history keeps its newest 21 states", () => {
  const history = [1, 2, 3].reduce(recordState, STEADY_HISTORY);
  assert.equal(history, "000000000000000000123");
});

test("between the thresholds an object stays what it was", () => {
  const table: [percent: number, wasFlapping: boolean, isFlapping: boolean][] = [
    [20, true, false],
    [20.1, true, true],
    [20.1, false, false],
    [29.9, false, false],
    [30, false, true],
  ];
  for (const [percent, was, is] of table) assert.equal(isFlappingAt(percent, was, DEFAULT_FLAPPING), is, `${percent}`);
});

test("the percentage stays within 0 and 100", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }), (states) => {
      const percent = percentStateChange(states.reduce(recordState, STEADY_HISTORY));
      assert.ok(percent >= 0 && percent <= 100);
    }),
  );
});
