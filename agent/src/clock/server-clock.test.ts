import assert from "node:assert/strict";
import { test } from "node:test";
import { createServerClock } from "./server-clock.ts";

test("the server's time is this host's own until an answer came", () => {
  const clock = createServerClock(() => 1_000_000);
  assert.equal(clock.now(), 1_000_000);
  assert.equal(clock.offsetMs(), null);
});

test("a Date header corrects a clock that is an hour ahead", () => {
  const hostNow = Date.parse("2026-01-01T01:00:00.500Z");
  const clock = createServerClock(() => hostNow);
  clock.sampleDate("Thu, 01 Jan 2026 00:00:00 GMT", hostNow, hostNow);
  assert.equal(clock.offsetMs(), 3_600_000);
  assert.equal(clock.now(), Date.parse("2026-01-01T00:00:00.500Z"));
});

test("a Date header does not blur an exact sample it agrees with, and replaces one it contradicts", () => {
  const base = Date.parse("2026-01-01T00:00:00Z");
  const clock = createServerClock(() => base);
  clock.sampleExact(base - 120, base - 10, base + 10);
  assert.equal(clock.offsetMs(), 120);
  clock.sampleDate(new Date(base).toUTCString(), base, base);
  assert.equal(clock.offsetMs(), 120);
  clock.sampleDate(new Date(base + 60_000).toUTCString(), base, base);
  assert.equal(clock.offsetMs(), -60_500);
});

test("a slow answer does not spoil a good estimate, and still corrects a wrong one", () => {
  const base = Date.parse("2026-01-01T00:00:00Z");
  const clock = createServerClock(() => base);
  clock.sampleExact(base, base - 10, base + 10);
  clock.sampleExact(base, base, base + 20_000);
  assert.equal(clock.offsetMs(), 0);
  clock.sampleExact(base - 3_600_000, base, base + 20_000);
  assert.equal(clock.offsetMs(), 3_610_000);
});

test("nonsense in the Date header changes nothing", () => {
  const clock = createServerClock(() => 5);
  clock.sampleDate("yesterday", 0, 10);
  clock.sampleDate(undefined, 0, 10);
  assert.equal(clock.offsetMs(), null);
});
