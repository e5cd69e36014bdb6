import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bucketPoints, type Point, planRead, ratesOf } from "./bucket-points.ts";

const at = (atMs: number, value: number): Point => ({ atMs, count: 1, sum: value, min: value, max: value });

test("buckets keep every sample's count, sum and extremes, and no bucket is empty", () => {
  const samples = fc.array(fc.tuple(fc.nat(1_000_000), fc.integer({ min: -1000, max: 1000 })), { minLength: 1 });
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 100_000 }), (pairs, widthMs) => {
      const points = pairs.sort(([a], [b]) => a - b).map(([atMs, value]) => at(atMs, value));
      const buckets = bucketPoints(points, widthMs);
      const sum = (of: readonly Point[], key: "count" | "sum") => of.reduce((total, point) => total + point[key], 0);
      assert.equal(sum(buckets, "count"), points.length);
      assert.equal(sum(buckets, "sum"), sum(points, "sum"));
      assert.equal(Math.max(...buckets.map((b) => b.max)), Math.max(...points.map((p) => p.max)));
      assert.equal(Math.min(...buckets.map((b) => b.min)), Math.min(...points.map((p) => p.min)));
      assert.ok(buckets.every((bucket) => bucket.count > 0 && bucket.atMs % widthMs === 0));
      assert.equal(new Set(buckets.map((bucket) => bucket.atMs)).size, buckets.length);
    }),
  );
});

test("a counter is shown as a rate, without one where it began anew or after a gap", () => {
  const readings = [at(0, 100), at(1000, 300), at(2000, 50), at(3000, 60), at(100_000, 90)];
  assert.deepEqual(
    ratesOf(readings, 10_000).map((point) => [point.atMs, point.sum]),
    [
      [1000, 200],
      [3000, 10],
    ],
  );
});

test("a range is read from the finest source that still has it", () => {
  const nowMs = 1_700_000_000_000;
  const hours = (count: number) => nowMs - count * 3_600_000;
  assert.deepEqual(planRead(hours(1), nowMs, 500, nowMs, 60_000), { source: "raw", bucketMs: 0 });
  assert.deepEqual(planRead(hours(40), nowMs, 500, nowMs, 60_000), { source: "raw", bucketMs: 288_000 });
  assert.deepEqual(planRead(hours(24 * 5), nowMs, 500, nowMs, 60_000), { source: 60, bucketMs: 900_000 });
  assert.equal(planRead(hours(24 * 200), nowMs, 500, nowMs, 60_000).source, 900);
});
