import assert from "node:assert/strict";
import { test } from "node:test";
import { downtimePhase } from "./downtime-phase.ts";

const hour = { startAtMs: 1_000, endAtMs: 2_000, cancelledAtMs: null };

for (const [nowMs, phase] of [
  [999, "pending"],
  [1_000, "active"],
  [1_999, "active"],
  [2_000, "expired"],
] as const) {
  test(`at ${nowMs} a downtime from 1000 to 2000 is ${phase}`, () => assert.equal(downtimePhase(hour, nowMs), phase));
}

test("a cancelled downtime is cancelled for ever", () => {
  for (const nowMs of [0, 1_500, 3_000]) assert.equal(downtimePhase({ ...hour, cancelledAtMs: 1 }, nowMs), "cancelled");
});
