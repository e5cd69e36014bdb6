import assert from "node:assert/strict";
import { it } from "node:test";
import { planOccurrences, type Recurrence, refuseSchedule } from "./plan-occurrences.ts";

const at = (text: string) => Date.parse(text);
const nightly: Recurrence = {
  cron: "30 2 * * *",
  timeZone: "Europe/Berlin",
  durationSeconds: 7200,
  isEnabled: true,
  updatedAtMs: 0,
};
const plan = (change: Partial<Recurrence>, now: string) =>
  planOccurrences({ ...nightly, ...change }, at(now)).map((startMs) => new Date(startMs).toISOString());

for (const [what, change, now, expected] of [
  ["the next one", {}, "2026-11-23T12:00:00Z", ["2026-11-24T01:30:00.000Z"]],
  ["what runs, and the next one", {}, "2026-11-23T02:00:00Z", ["2026-11-23T01:30:00.000Z", "2026-11-24T01:30:00.000Z"]],
  ["the next one, however far", { cron: "0 0 1 1 *" }, "2026-11-23T12:00:00Z", ["2026-12-31T23:00:00.000Z"]],
  [
    "nothing that began before its definition",
    { updatedAtMs: at("2026-11-23T01:45:00Z") },
    "2026-11-23T02:00:00Z",
    ["2026-11-24T01:30:00.000Z"],
  ],
  ["nothing while disabled", { isEnabled: false }, "2026-11-23T12:00:00Z", []],
  ["in summer, an hour earlier", {}, "2026-07-01T12:00:00Z", ["2026-07-02T00:30:00.000Z"]],
  // 02:30 does not come on this day: clocks go from 02:00 to 03:00.
  ["the end of an hour that is left out", {}, "2026-03-28T12:00:00Z", ["2026-03-29T01:00:00.000Z"]],
  // 02:30 comes twice on this day.
  ["once what comes twice", { durationSeconds: 60 }, "2026-10-24T12:00:00Z", ["2026-10-25T00:30:00.000Z"]],
] as const) {
  it(`an occurrence is planned for ${what}`, () => assert.deepEqual(plan(change, now), expected));
}

it("every occurrence of a day is planned ahead, and no more than 300", () => {
  assert.equal(plan({ cron: "0 * * * *", durationSeconds: 60 }, "2026-11-23T12:30:00Z").length, 24);
  assert.equal(plan({ cron: "* * * * *", durationSeconds: 60 }, "2026-11-23T12:30:30Z").length, 300);
});

it("a schedule that is not understood, or never comes, is refused with the reason", () => {
  assert.equal(refuseSchedule("30 2 * * *", "Europe/Berlin"), null);
  assert.match(refuseSchedule("61 2 * * *", "UTC") ?? "", /not understood/);
  assert.match(refuseSchedule("every night", "UTC") ?? "", /not understood/);
  assert.match(refuseSchedule("0 0 30 2 *", "UTC") ?? "", /never comes/);
});
