import assert from "node:assert/strict";
import { test } from "node:test";
import { clockText, dayText, offsetText, startOfDay } from "./zoned-time.ts";

const at = (text: string) => Date.parse(text);
const iso = (atMs: number) => new Date(atMs).toISOString();

test("an instant is told on the clock of a zone", () => {
  const instant = at("2026-11-23T22:30:00Z");
  assert.equal(clockText(instant, "Europe/Berlin"), "23:30");
  assert.equal(dayText(instant, "Asia/Kolkata"), "Tue 24 Nov");
  assert.equal(offsetText(instant, "Asia/Kolkata"), "UTC+5:30");
  assert.equal(offsetText(instant, "America/New_York"), "UTC-5");
  assert.equal(offsetText(at("2026-07-01T00:00:00Z"), "Europe/Berlin"), "UTC+2");
  assert.equal(clockText(instant, "Mars/Base"), "22:30");
});

test("a day begins when the zone's clock says so, 23 and 25 hours long where clocks change", () => {
  const day = (text: string, zone: string, days = 0) => iso(startOfDay(at(text), zone, days));
  assert.equal(day("2026-03-29T12:00:00Z", "Europe/Berlin"), "2026-03-28T23:00:00.000Z");
  assert.equal(day("2026-03-29T12:00:00Z", "Europe/Berlin", 1), "2026-03-29T22:00:00.000Z");
  assert.equal(day("2026-10-25T12:00:00Z", "Europe/Berlin"), "2026-10-24T22:00:00.000Z");
  assert.equal(day("2026-10-25T12:00:00Z", "Europe/Berlin", 1), "2026-10-25T23:00:00.000Z");
  assert.equal(day("2026-11-23T02:00:00Z", "America/New_York"), "2026-11-22T05:00:00.000Z");
  assert.equal(day("2026-11-23T02:00:00Z", "Pacific/Auckland", -1), "2026-11-21T11:00:00.000Z");
});

test("a day whose midnight is left out begins at its first moment", () => {
  // Beirut put its clocks forward at midnight on 2026-03-29.
  assert.equal(iso(startOfDay(at("2026-03-29T12:00:00Z"), "Asia/Beirut")), "2026-03-28T22:00:00.000Z");
});
