import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseRange } from "./index.ts";

test("one range is understood, what cannot be satisfied is told from what is nonsense", () => {
  const cases = [
    ["bytes=0-0", { start: 0, end: 1 }],
    ["bytes=0-", { start: 0, end: 10 }],
    ["bytes=3-5", { start: 3, end: 6 }],
    ["bytes=3-99", { start: 3, end: 10 }],
    ["bytes=-4", { start: 6, end: 10 }],
    ["bytes=-99", { start: 0, end: 10 }],
    ["bytes=10-", "unsatisfiable"],
    ["bytes=10-20", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=5-3", null],
    ["bytes=-", null],
    ["bytes=0-1,3-4", null],
    ["bytes=a-b", null],
    ["bytes=1e3-", null],
    ["bytes=0x1-2", null],
    ["items=0-1", null],
    ["bytes=99999999999999999999-", null],
    ["", null],
    [undefined, null],
  ] as const;
  for (const [header, expected] of cases) assert.deepEqual(parseRange(header, 10), expected, String(header));
  assert.equal(parseRange("bytes=0-", 0), "unsatisfiable");
});

test("a range lies within the object, whatever the header", () => {
  const number = fc.oneof(fc.nat(30).map(String), fc.constant(""), fc.string({ maxLength: 5 }));
  fc.assert(
    fc.property(number, number, fc.nat(25), (first, last, size) => {
      const range = parseRange(`bytes=${first}-${last}`, size);
      if (range === null || range === "unsatisfiable") return;
      assert.ok(0 <= range.start && range.start < range.end && range.end <= size);
    }),
  );
});
