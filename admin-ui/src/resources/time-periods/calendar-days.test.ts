import assert from "node:assert/strict";
import { test } from "node:test";
import { calendarDays, insideText } from "./calendar-days.ts";

const at = (text: string) => Date.parse(text);

test("each day tells its times on the zone's clock, and where clocks change", () => {
  const { rows, bars } = calendarDays(
    [
      { fromMs: at("2026-03-28T08:00:00Z"), untilMs: at("2026-03-28T16:00:00Z") },
      { fromMs: at("2026-03-28T21:00:00Z"), untilMs: at("2026-03-29T04:00:00Z") },
    ],
    at("2026-03-27T23:00:00Z"),
    "Europe/Berlin",
    3,
  );
  assert.deepEqual(
    rows.map(({ label, text, startMs, endMs }) => [label, text, (endMs - startMs) / 3_600_000]),
    [
      ["Sat 28 Mar", "09:00–17:00, 22:00–24:00", 24],
      ["Sun 29 Mar", "00:00–06:00 (clocks change)", 23],
      ["Mon 30 Mar", "not inside", 24],
    ],
  );
  assert.equal(bars[1]?.title, "Sat 28 Mar 22:00 to Sun 29 Mar 06:00");
});

test("whether it is inside says until when", () => {
  const preview = { fromMs: 0, untilMs: 0, stretches: [] };
  const changesAtMs = at("2026-11-23T16:00:00Z");
  assert.equal(
    insideText({ ...preview, isInside: true, changesAtMs }, "Europe/Berlin"),
    "until Mon 23 Nov 17:00 UTC+1",
  );
  assert.equal(insideText({ ...preview, isInside: true, changesAtMs: null }, "UTC"), "and for good");
});
