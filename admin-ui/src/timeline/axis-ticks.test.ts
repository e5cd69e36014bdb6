import assert from "node:assert/strict";
import { test } from "node:test";
import { axisTicks } from "./axis-ticks.ts";

test("marks lie in the range, at equal distances, and are never too many", () => {
  const fromMs = 1_800_000_123_456;
  for (const lengthMs of [60_000, 3_600_000, 86_400_000, 30 * 86_400_000, 366 * 86_400_000]) {
    const ticks = axisTicks(fromMs, fromMs + lengthMs, 8);
    assert.ok(ticks.length > 1 && ticks.length <= 9, `${lengthMs}: ${ticks.length}`);
    assert.ok(ticks.every(({ atMs, text }) => atMs >= fromMs && atMs < fromMs + lengthMs && text !== ""));
    const distances = new Set(ticks.slice(1).map(({ atMs }, at) => atMs - (ticks[at]?.atMs ?? 0)));
    assert.equal(distances.size, 1);
  }
});
