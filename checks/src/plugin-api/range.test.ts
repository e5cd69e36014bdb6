import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { formatRange, isOutOfRange, NO_THRESHOLD, parseRange, type Range } from "./range.ts";

function rangeOf(text: string): Range {
  const parsed = parseRange(text);
  assert.ok(parsed.ok, text);
  return parsed.range;
}

// Each line was tried on Debian's check_procs with a value of 0.
test("a value of 0 alerts under the ranges under which check_procs alerts", () => {
  const quiet = ["", "5", "0:0", ":5", "-5:5", "~:5", "~:", ":", "-5:", "+5", ".5", "5.", "1e3", " 5 ", "@10:20"];
  const alerting = ["10:", "1:", "10:20", "1.5:2.5", "5:5", "~:-1", "@0:0", "@5", "@:5", "@~:0", "@~:"];
  for (const text of quiet) assert.equal(isOutOfRange(rangeOf(text), 0), false, text);
  for (const text of alerting) assert.equal(isOutOfRange(rangeOf(text), 0), true, text);
});

test("both ends belong to a range", () => {
  const table: [string, number, boolean][] = [
    ["10:20", 9.999, true],
    ["10:20", 10, false],
    ["10:20", 20, false],
    ["10:20", 20.001, true],
    ["@10:20", 10, true],
    ["@10:20", 20, true],
    ["@10:20", 20.001, false],
    ["80", -1, true],
    ["", -1, false],
  ];
  for (const [text, value, isAlerting] of table)
    assert.equal(isOutOfRange(rangeOf(text), value), isAlerting, `${text} ${value}`);
});

test("a range that says nothing or something else than it looks like is refused by its own name", () => {
  const refused = [
    "20:10",
    "-5",
    "5:~",
    "-5:~",
    "abc",
    "5:abc",
    "@",
    "~",
    "~5",
    "@20:10",
    "10:20:30",
    "1,5",
    "0x10",
    "inf",
    "1e999",
    "5%",
    "--5:",
  ];
  for (const text of refused) {
    const parsed = parseRange(text);
    assert.ok(!parsed.ok, text);
    assert.match(parsed.error, /^Range format incorrect: "/);
    assert.ok(parsed.error.includes(`"${text}"`), parsed.error);
  }
});

test("a value that is not a number does not alert", () => {
  assert.equal(isOutOfRange(rangeOf("10:20"), Number.NaN), false);
});

const bound = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0);
const range = fc
  .record({ a: fc.option(bound), b: fc.option(bound), isInside: fc.boolean() })
  .map(({ a, b, isInside }): Range => {
    const start = a ?? -Infinity;
    const end = b ?? Infinity;
    return start <= end ? { start, end, isInside } : { start: end, end: start, isInside };
  });

test("every range is written so that it is read back the same", () => {
  fc.assert(fc.property(range, (value) => assert.deepEqual(rangeOf(formatRange(value)), value)));
  assert.equal(formatRange(NO_THRESHOLD), "");
  assert.equal(formatRange(rangeOf("0:5")), "5");
  assert.equal(formatRange(rangeOf("@~:5.5")), "@~:5.5");
});

test("a range and the same with @ never agree on a value", () => {
  fc.assert(
    fc.property(range, fc.double({ noNaN: true }), (outside, value) => {
      const inside = { ...outside, isInside: !outside.isInside };
      assert.notEqual(isOutOfRange(outside, value), isOutOfRange(inside, value));
    }),
  );
});

test("no text makes the parser throw", () => {
  fc.assert(fc.property(fc.string(), (text) => typeof parseRange(text).ok === "boolean"));
});
