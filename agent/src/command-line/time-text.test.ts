import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAge, formatDuration, formatInstant, parseDurationMs, parseInstantMs } from "./time-text.ts";

const now = Date.UTC(2026, 10, 22, 20, 15);

test("a duration is told in its two largest units", () => {
  const table: [number, string][] = [
    [0, "0s"],
    [999, "0s"],
    [59_000, "59s"],
    [310_000, "5m 10s"],
    [3_600_000, "1h"],
    [90_061_000, "1d 1h"],
    [86_400_000 + 5000, "1d"],
    [-5, "0s"],
  ];
  for (const [ms, text] of table) assert.equal(formatDuration(ms), text, String(ms));
});

test("an instant is told as age, as future, or as never", () => {
  assert.equal(formatAge(now - 60_000, now), "1m");
  assert.equal(formatAge(now + 60_000, now), "in 1m");
  assert.equal(formatAge(null, now), "never");
  assert.equal(formatInstant(now), "2026-11-22 20:15:00Z");
});

test("durations are read in d, h, m and s", () => {
  assert.equal(parseDurationMs("1h30m"), 5_400_000);
  assert.equal(parseDurationMs("90s"), 90_000);
  for (const wrong of ["", "5", "h", "5 m", "-5m", "5w"]) assert.equal(parseDurationMs(wrong), undefined, wrong);
});

test("instants are read as now, as distance and as ISO 8601", () => {
  assert.equal(parseInstantMs("now", now), now);
  assert.equal(parseInstantMs("+2h", now), now + 7_200_000);
  assert.equal(parseInstantMs("2026-11-22T20:15Z", 0), now);
  assert.equal(parseInstantMs("2026-11-22 20:15Z", 0), now);
  for (const wrong of ["tomorrow", "+2", "2026-11-22", "2026-13-22T20:15"]) {
    assert.equal(parseInstantMs(wrong, now), undefined, wrong);
  }
});
