import assert from "node:assert/strict";
import { test } from "node:test";
import { pilesOf } from "./histogram-piles.ts";

test("bars are piled by tone with the worst at the bottom, and told in words", () => {
  const { piles, most } = pilesOf({
    bins: [
      { count: 0, severities: {} },
      { count: 10, severities: { err: 2, crit: 1, info: 4, none: 3 } },
    ],
  });
  assert.equal(most, 10);
  assert.deepEqual(piles[0], { count: 0, pieces: [], words: "nothing" });
  assert.deepEqual(piles[1]?.pieces, [
    { tone: "pending", count: 3 },
    { tone: "ok", count: 4 },
    { tone: "critical", count: 3 },
  ]);
  assert.equal(piles[1]?.words, "10 records: 1 crit, 2 err, 4 info, 3 without severity");
});
