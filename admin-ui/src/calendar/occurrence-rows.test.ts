import assert from "node:assert/strict";
import { test } from "node:test";
import { occurrenceRows } from "./occurrence-rows.ts";

const at = (text: string) => Date.parse(text);

test("occurrences keep their wall-clock time, and say where the clocks change", () => {
  const starts = [at("2026-10-23T20:00:00Z"), at("2026-10-24T20:00:00Z"), at("2026-10-25T21:00:00Z")];
  assert.deepEqual(
    occurrenceRows(starts, 6 * 3600, "Europe/Berlin").map(({ day, start, end, offset, remark }) => [
      day,
      start,
      end,
      offset,
      remark,
    ]),
    [
      ["Fri 23 Oct", "22:00", "Sat 24 Oct 04:00", "UTC+2", null],
      ["Sat 24 Oct", "22:00", "Sun 25 Oct 03:00", "UTC+2", "clocks change while it lasts"],
      ["Sun 25 Oct", "22:00", "Mon 26 Oct 04:00", "UTC+1", "clocks changed: UTC+2 before"],
    ],
  );
});
