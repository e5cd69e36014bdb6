import assert from "node:assert/strict";
import { test } from "node:test";
import { timeTicks } from "./time-ticks.ts";

const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime() / 1000;

test("a time axis names times, days or months after its step", () => {
  const ticks = [at(2026, 10, 22, 18, 30), at(2026, 10, 23, 0, 0)];
  assert.deepEqual(timeTicks(ticks, 1800), ["18:30", "23 Nov"]);
  assert.deepEqual(timeTicks(ticks, 86_400), ["22 Nov", "23 Nov"]);
  assert.deepEqual(timeTicks(ticks, 31 * 86_400), ["Nov 2026", "Nov 2026"]);
});
