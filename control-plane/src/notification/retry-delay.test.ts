import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { giveUpAfterMs, retryDelayMs } from "./retry-delay.ts";

test("the delay doubles from 15 s to 30 min", () => {
  const seconds = [1, 2, 3, 7, 8, 9, 1000].map((attempts) => retryDelayMs(attempts, 0) / 1000);
  assert.deepEqual(seconds, [15, 30, 60, 960, 1800, 1800, 1800]);
});

test("the random part takes away up to a half and nothing else", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      (attempts, random) => {
        const delay = retryDelayMs(attempts, random);
        const full = retryDelayMs(attempts, 0);
        assert.ok(delay >= full / 2 && delay <= full && delay < giveUpAfterMs);
      },
    ),
  );
});
