import assert from "node:assert/strict";
import { test } from "node:test";
import { fittingRange } from "./fitting-range.ts";

const ranges = [
  { text: "1 h", lengthMs: 1 },
  { text: "6 h", lengthMs: 6 },
  { text: "24 h", lengthMs: 24 },
] as const;

test("an object known long enough is shown over the usual range", () => {
  assert.equal(fittingRange(ranges, ranges[2], 1000).text, "24 h");
  assert.equal(fittingRange(ranges, ranges[2], 12).text, "24 h");
});

test("a young object is shown over the shortest range that holds its life", () => {
  assert.equal(fittingRange(ranges, ranges[2], 0.1).text, "1 h");
  assert.equal(fittingRange(ranges, ranges[2], 3).text, "6 h");
});
