import assert from "node:assert/strict";
import { test } from "node:test";
import { readRange, writeRange, zoomAround } from "./timeline-range.ts";

const nowMs = 1_800_000_000_000;
const hourMs = 3_600_000;
const rangeOf = (text: string) => readRange(new URLSearchParams(text), nowMs);

test("the address says the range; without it, it is the last day, and goes on", () => {
  assert.deepEqual(rangeOf(""), { fromMs: nowMs - 24 * hourMs, untilMs: nowMs, isLive: true });
  assert.deepEqual(rangeOf("last=2h"), { fromMs: nowMs - 2 * hourMs, untilMs: nowMs, isLive: true });
  assert.deepEqual(rangeOf("fromMs=5&untilMs=9"), { fromMs: 5, untilMs: 9, isLive: false });
  assert.deepEqual(rangeOf(`fromMs=${nowMs - 9}`), { fromMs: nowMs - 9, untilMs: nowMs, isLive: true });
  for (const wrong of ["fromMs=9&untilMs=5", "fromMs=x", "last=soon"]) assert.deepEqual(rangeOf(wrong), rangeOf(""));
});

test("what is written to the address is read as the same range", () => {
  const range = { fromMs: nowMs - 5 * hourMs, untilMs: nowMs - hourMs };
  const { fromMs, untilMs } = writeRange(range, nowMs);
  assert.deepEqual(rangeOf(`fromMs=${fromMs}&untilMs=${untilMs}`), { ...range, isLive: false });
});

test("a range never ends after now; one that would goes on with the time", () => {
  const written = writeRange({ fromMs: nowMs - hourMs, untilMs: nowMs + hourMs }, nowMs);
  assert.deepEqual(written, { fromMs: String(nowMs - 2 * hourMs), untilMs: null });
});

test("zooming keeps the instant under the pointer where it is, between a minute and a year", () => {
  const range = { fromMs: 0, untilMs: 8 * hourMs };
  assert.deepEqual(zoomAround(range, 2 * hourMs, 0.5), { fromMs: hourMs, untilMs: 5 * hourMs });
  assert.deepEqual(zoomAround(zoomAround(range, 2 * hourMs, 0.5), 2 * hourMs, 2), range);
  const shortest = zoomAround(range, 0, 0);
  assert.equal(shortest.untilMs - shortest.fromMs, 60_000);
  const longest = zoomAround(range, 0, 1e9);
  assert.equal(longest.untilMs - longest.fromMs, 366 * 24 * hourMs);
});
