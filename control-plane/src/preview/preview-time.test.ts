import assert from "node:assert/strict";
import test from "node:test";
import { OnCallScheduleInput } from "@mycloud/protocol/on-call";
import { TimePeriodInput } from "@mycloud/protocol/time-period";
import { previewOnCall, previewSchedule, previewTimePeriod } from "./preview-time.ts";

const at = (text: string) => Date.parse(text);
const iso = (atMs: number) => new Date(atMs).toISOString().slice(0, 16);

test("a period's times are those of its zone, without what it excludes", () => {
  const lunch = TimePeriodInput.parse({
    name: "lunch",
    timeZone: "Europe/Berlin",
    weekly: { monday: ["12:00-13:00"] },
  });
  const office = TimePeriodInput.parse({
    name: "office",
    timeZone: "Europe/Berlin",
    weekly: { monday: ["09:00-17:00"] },
    exclude: ["lunch"],
  });
  const preview = previewTimePeriod({ ...office, name: "" }, [lunch], at("2026-11-23T07:00:00Z"), 7);
  assert.deepEqual(
    preview.stretches.map(({ fromMs, untilMs }) => [iso(fromMs), iso(untilMs)]),
    [
      ["2026-11-23T08:00", "2026-11-23T11:00"],
      ["2026-11-23T12:00", "2026-11-23T16:00"],
    ],
  );
  assert.deepEqual([preview.isInside, preview.changesAtMs], [false, at("2026-11-23T08:00:00Z")]);
});

test("a period as written stands in the place of the stored one of its name", () => {
  const stored = TimePeriodInput.parse({ name: "always", weekly: { monday: ["00:00-24:00"] } });
  const preview = previewTimePeriod({ ...stored, weekly: {} }, [stored], at("2026-11-23T00:00:00Z"), 14);
  assert.deepEqual([preview.stretches, preview.isInside, preview.changesAtMs], [[], false, null]);
});

test("turns follow each other from the first hand-over on, overrides between them", () => {
  const schedule = OnCallScheduleInput.parse({
    name: "nights",
    members: ["anna", "bob"],
    startDate: "2026-12-07",
    overrides: [{ contact: "carla", fromMs: at("2026-11-25T00:00:00Z"), untilMs: at("2026-11-26T00:00:00Z") }],
  });
  const { turns } = previewOnCall(schedule, at("2026-11-23T00:00:00Z"), 28);
  assert.deepEqual(
    turns.map(({ contact, isOverride, fromMs }) => [contact, isOverride, iso(fromMs)]),
    [
      ["carla", true, "2026-11-25T00:00"],
      ["anna", false, "2026-12-07T09:00"],
      ["bob", false, "2026-12-14T09:00"],
    ],
  );
});

test("a schedule fires by the clock of its place over the change of clocks", () => {
  const { startsAtMs } = previewSchedule("0 3 * * *", "Europe/Berlin", at("2026-03-28T00:00:00Z"), 3);
  assert.deepEqual(startsAtMs.map(iso), ["2026-03-28T02:00", "2026-03-29T01:00", "2026-03-30T01:00"]);
  assert.match(previewSchedule("never", "UTC", 0, 3).fault ?? "", /not understood/);
  assert.match(previewSchedule("0 0 30 2 *", "UTC", 0, 3).fault ?? "", /never comes/);
});
