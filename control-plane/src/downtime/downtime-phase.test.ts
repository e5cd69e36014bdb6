import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedTimes } from "./downtime-effect.ts";
import { downtimePhase } from "./downtime-phase.ts";

const hour = { ...fixedTimes, startAtMs: 1_000, endAtMs: 2_000, cancelledAtMs: null, activeObjects: 0 };
const flexible = { ...hour, isFixed: false, durationSeconds: 5 };
const triggered = { ...hour, triggeredById: 7 };

for (const [what, downtime, nowMs, phase] of [
  ["fixed", hour, 999, "pending"],
  ["fixed", hour, 1_000, "active"],
  ["fixed", hour, 1_999, "active"],
  ["fixed", hour, 2_000, "expired"],
  ["flexible", flexible, 1_500, "pending"],
  ["flexible", flexible, 2_000, "expired"],
  ["flexible and begun", { ...flexible, activeObjects: 1 }, 1_500, "active"],
  ["flexible and begun", { ...flexible, activeObjects: 1 }, 3_000, "active"],
  ["not yet triggered", triggered, 1_500, "pending"],
  ["never triggered", triggered, 2_000, "expired"],
  ["triggered", { ...triggered, triggeredAtMs: 1_200 }, 1_200, "active"],
  [
    "triggered and flexible",
    { ...triggered, triggeredAtMs: 1_200, ...{ isFixed: false, durationSeconds: 5 } },
    6_199,
    "active",
  ],
  [
    "triggered and flexible",
    { ...triggered, triggeredAtMs: 1_200, ...{ isFixed: false, durationSeconds: 5 } },
    6_200,
    "expired",
  ],
] as const) {
  test(`at ${nowMs} a downtime from 1000 to 2000 that is ${what} is ${phase}`, () =>
    assert.equal(downtimePhase(downtime, nowMs), phase));
}

test("a cancelled downtime is cancelled for ever", () => {
  for (const nowMs of [0, 1_500, 3_000]) assert.equal(downtimePhase({ ...hour, cancelledAtMs: 1 }, nowMs), "cancelled");
});
