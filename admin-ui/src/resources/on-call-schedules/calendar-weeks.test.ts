import assert from "node:assert/strict";
import { test } from "node:test";
import { calendarWeeks } from "./calendar-weeks.ts";

const at = (text: string) => Date.parse(text);

test("each week says who is on call, and one person keeps one colour", () => {
  const turns = [
    { contact: "bob", isOverride: false, fromMs: at("2026-11-23T08:00:00Z"), untilMs: at("2026-11-26T23:00:00Z") },
    { contact: "anna", isOverride: true, fromMs: at("2026-11-26T23:00:00Z"), untilMs: at("2026-11-30T08:00:00Z") },
  ];
  const { rows, bars } = calendarWeeks(turns, at("2026-11-22T23:00:00Z"), "Europe/Berlin", 3);
  assert.deepEqual(
    rows.map(({ label, text }) => [label, text]),
    [
      [
        "Mon 23 Nov",
        "bob from Mon 23 Nov 09:00 to Fri 27 Nov 00:00; anna (override) from Fri 27 Nov 00:00 to Mon 30 Nov 09:00",
      ],
      ["Mon 30 Nov", "anna (override) from Fri 27 Nov 00:00 to Mon 30 Nov 09:00"],
      ["Mon 7 Dec", "nobody is on call"],
    ],
  );
  assert.deepEqual(
    bars.map(({ text, colour }) => [text, colour]),
    [
      ["bob", 1],
      ["anna ⇄", 0],
    ],
  );
});
