import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { holdMs, returnsAtMs, type ServiceSeen, type Standing, standingAfter } from "./standing.ts";

const ok: ServiceSeen = { state: 0, isHard: true, isStale: false, hasBeenChecked: true };
const critical: ServiceSeen = { ...ok, state: 2 };
const out: Standing = { isOut: true, changedAtMs: 1_000, leaves: 1 };

describe("how a service stands", () => {
  test("leaves with a HARD state that is not OK, whichever it is", () => {
    for (const state of [1, 2, 3]) {
      assert.deepEqual(standingAfter(undefined, { ...ok, state }, 5), { isOut: true, changedAtMs: 5, leaves: 1 });
    }
  });

  test("stays as it stood with SOFT states, with stale ones, and before the first check", () => {
    const silent = [
      { ...critical, isHard: false },
      { ...critical, isStale: true },
      { ...critical, hasBeenChecked: false },
    ];
    for (const seen of silent) assert.equal(standingAfter(undefined, seen, 5).isOut, false);
    for (const seen of silent) assert.equal(standingAfter(out, { ...seen, state: 0 }, 5_000), out);
  });

  test("comes back with a HARD OK, at once the first time", () => {
    assert.deepEqual(standingAfter(out, ok, 1_001), { isOut: false, changedAtMs: 1_001, leaves: 1 });
  });

  test("stays out longer each time it left again soon, up to ten minutes", () => {
    let standing: Standing = { isOut: false, changedAtMs: 0, leaves: 0 };
    let nowMs = 0;
    const holds: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      standing = standingAfter(standing, critical, ++nowMs);
      const returnsMs = returnsAtMs(standing, ok) ?? Number.NaN;
      holds.push(returnsMs - nowMs);
      assert.equal(standingAfter(standing, ok, returnsMs - 1).isOut, true);
      nowMs = returnsMs;
      standing = standingAfter(standing, ok, nowMs);
      assert.equal(standing.isOut, false);
    }
    assert.deepEqual(holds, [0, 15_000, 30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
  });

  test("is steady again after ten minutes in", () => {
    const steady = standingAfter({ isOut: false, changedAtMs: 0, leaves: 5 }, critical, 600_000);
    assert.equal(holdMs(steady), 0);
  });

  test("is not kept out by a service that is gone", () => {
    assert.equal(standingAfter(out, null, 9_000).isOut, false);
  });
});
