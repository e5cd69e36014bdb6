import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { backoffMs } from "./backoff.ts";

const policy = { baseMs: 500, maximumMs: 30_000 };
const unit = fc.double({ min: 0, max: 0.999999, noNaN: true });

test("the wait stays between the base and the maximum, whatever the number of failures", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), unit, (failures, random) => {
      const wait = backoffMs(failures, policy, random);
      assert.ok(wait >= policy.baseMs && wait <= policy.maximumMs, `${wait}`);
    }),
  );
});

test("the wait grows with the failures and is spread by the jitter", () => {
  assert.equal(backoffMs(1, policy, 0.999999), 1000);
  assert.equal(backoffMs(3, policy, 0.999999), 4000);
  assert.equal(backoffMs(20, policy, 0.999999), 30_000);
  assert.equal(backoffMs(20, policy, 0), 500);
});

test("nobody comes back before Retry-After, nor all at once after it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), unit, (seconds, random) => {
      const wait = backoffMs(1, policy, random, seconds);
      assert.ok(wait >= Math.min(seconds, 3600) * 1000);
      assert.ok(wait <= Math.min(seconds, 3600) * 1500 + 1);
    }),
  );
  assert.notEqual(backoffMs(1, policy, 0.1, 10), backoffMs(1, policy, 0.9, 10));
});
