import assert from "node:assert/strict";
import { test } from "node:test";
import { readReportRange } from "./report-range.ts";

const nowMs = new Date(2026, 10, 23, 12, 3, 4).getTime();
const rangeOf = (text: string) => readReportRange(new URLSearchParams(text), nowMs);

test("a report ends at a round time, so that it stands still", () => {
  const { fromMs, untilMs, name } = rangeOf("");
  assert.deepEqual([untilMs, untilMs - fromMs, name], [new Date(2026, 10, 23, 12, 0).getTime(), 86_400_000, "24 h"]);
});

test("months are whole ones of the reader's zone", () => {
  const november = new Date(2026, 10, 1).getTime();
  assert.deepEqual(rangeOf("last=last month"), {
    fromMs: new Date(2026, 9, 1).getTime(),
    untilMs: november,
    name: "last month",
  });
  assert.equal(rangeOf("last=this month").fromMs, november);
});

test("instants in the address win, a year at most; what makes no sense is left aside", () => {
  assert.deepEqual(rangeOf("fromMs=5&untilMs=9&last=7 d"), { fromMs: 5, untilMs: 9, name: null });
  assert.equal(rangeOf(`fromMs=1&untilMs=${nowMs}`).fromMs, nowMs - 366 * 86_400_000);
  assert.deepEqual(rangeOf("fromMs=9&untilMs=5"), rangeOf(""));
});
