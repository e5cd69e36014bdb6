import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createTokenBucket } from "./token-bucket.ts";

/** A bucket on a clock of its own, which sleeping moves. */
function create(bytesPerSecond: number) {
  let nowMs = 1000;
  const bucket = createTokenBucket({
    bytesPerSecond,
    now: () => nowMs,
    sleep: async (milliseconds) => {
      nowMs += milliseconds;
    },
  });
  return {
    bucket,
    elapsedMs: () => nowMs - 1000,
    idle: (milliseconds: number) => {
      nowMs += milliseconds;
    },
  };
}

test("never more passes than the rate, but for a tenth of a second at the start", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1000, max: 10_000_000 }),
      fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 50 }),
      async (rate, sizes) => {
        const { bucket, elapsedMs } = create(rate);
        let passed = 0;
        for (const size of sizes) {
          await bucket.take(size);
          passed += size;
          assert.ok(passed <= (rate * (elapsedMs() + 100.001)) / 1000 + 1);
        }
      },
    ),
  );
});

test("a pause is not made up for by a burst", async () => {
  const { bucket, elapsedMs, idle } = create(1000);
  await bucket.take(100);
  idle(60_000);
  const before = elapsedMs();
  await bucket.take(1000);
  assert.ok(elapsedMs() - before >= 900);
});

test("those who ask at once share the rate", async () => {
  const { bucket, elapsedMs } = create(1000);
  await Promise.all([bucket.take(500), bucket.take(500), bucket.take(500)]);
  assert.ok(elapsedMs() >= 1400, String(elapsedMs()));
});

test("pieces are small enough to keep the flow smooth", () => {
  assert.equal(createTokenBucket({ bytesPerSecond: 1000 }).pieceBytes, 100);
  assert.equal(createTokenBucket({ bytesPerSecond: 100_000_000 }).pieceBytes, 65_536);
  assert.equal(createTokenBucket({ bytesPerSecond: 1 }).pieceBytes, 1);
});
