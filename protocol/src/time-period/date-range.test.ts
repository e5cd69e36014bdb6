import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { parseDateRange } from "./date-range.ts";

test("every form that nagios documents is read", () => {
  const christmas = { year: 2026, month: 12, day: 24 };
  for (const [text, expected] of [
    ["2026-12-24", { kind: "calendar-date", first: christmas, last: christmas, every: 1 }],
    ["2026-12-24 - 2026-12-26", { kind: "calendar-date", first: christmas, last: { ...christmas, day: 26 }, every: 1 }],
    ["2026-12-24 / 14", { kind: "calendar-date", first: christmas, last: null, every: 14 }],
    [
      "2026-12-24 - 2027-01-04 / 3",
      { kind: "calendar-date", first: christmas, last: { year: 2027, month: 1, day: 4 }, every: 3 },
    ],
    ["december 25", { kind: "month-date", first: { month: 12, day: 25 }, last: { month: 12, day: 25 }, every: 1 }],
    ["july 10 - 15 / 2", { kind: "month-date", first: { month: 7, day: 10 }, last: { month: 7, day: 15 }, every: 2 }],
    ["april 10 - may 15", { kind: "month-date", first: { month: 4, day: 10 }, last: { month: 5, day: 15 }, every: 1 }],
    ["day 1", { kind: "month-day", first: 1, last: 1, every: 1 }],
    ["day -1", { kind: "month-day", first: -1, last: -1, every: 1 }],
    ["day 1 - 15 / 5", { kind: "month-day", first: 1, last: 15, every: 5 }],
    ["day 20 - -1", { kind: "month-day", first: 20, last: -1, every: 1 }],
    ["day 2 - day 5", { kind: "month-day", first: 2, last: 5, every: 1 }],
    ["Monday 3", { kind: "weekday", first: { weekday: 0, nth: 3 }, last: { weekday: 0, nth: 3 }, every: 1 }],
    [
      "monday 3 - thursday 4 / 2",
      { kind: "weekday", first: { weekday: 0, nth: 3 }, last: { weekday: 3, nth: 4 }, every: 2 },
    ],
    ["sunday 1 - 2", { kind: "weekday", first: { weekday: 6, nth: 1 }, last: { weekday: 6, nth: 2 }, every: 1 }],
    [
      "monday -1 may",
      {
        kind: "month-weekday",
        first: { weekday: 0, nth: -1, month: 5 },
        last: { weekday: 0, nth: -1, month: 5 },
        every: 1,
      },
    ],
    [
      "tuesday 1 april - friday 2 may / 6",
      {
        kind: "month-weekday",
        first: { weekday: 1, nth: 1, month: 4 },
        last: { weekday: 4, nth: 2, month: 5 },
        every: 6,
      },
    ],
  ] as const) {
    assert.deepEqual(parseDateRange(text), expected, text);
  }
});

test("what is no form of days is refused", () => {
  for (const text of [
    "",
    "monday",
    "2026-02-30",
    "2026-13-01",
    "2026-12-26 - 2026-12-24",
    "day 0",
    "day 1 - 15 / 0",
    "day 1 - 15 / 2 / 3",
    "july 10 / 2",
    "monday 3 may - 5",
    "monday 3 - may 5",
    "day 1 may",
    "july 3 may",
    "someday 3",
    "2026-12-24 - december 26",
    "day 1 - 2 - 3",
  ]) {
    assert.equal(parseDateRange(text), null, text);
  }
});

test("any text is read or refused, never more", () => {
  const words = fc.constantFrom("monday", "may", "day", "3", "-1", "-", "/", "2026-12-24", "0", " ", "99999999");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 100 }),
        fc.array(words).map((all) => all.join(" ")),
      ),
      (text) => {
        const range = parseDateRange(text);
        assert.ok(range === null || range.every >= 1);
      },
    ),
  );
});
