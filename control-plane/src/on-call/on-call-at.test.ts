import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OnCallScheduleInput } from "@mycloud/protocol/on-call";
import fc from "fast-check";
import { onCallAt } from "./on-call-at.ts";

const at = (text: string) => Date.parse(text);
const berlin = OnCallScheduleInput.parse({
  name: "nights",
  timeZone: "Europe/Berlin",
  members: ["anna", "bob", "carla"],
  startDate: "2026-01-05",
});
const who = (schedule: OnCallScheduleInput, text: string) => onCallAt(schedule, at(text))?.contact ?? null;

describe("onCallAt", () => {
  test("members take turns weekly, handing over at the wall-clock time", () => {
    assert.equal(who(berlin, "2026-01-05T07:59:59Z"), null, "before the first hand-over");
    assert.equal(who(berlin, "2026-01-05T08:00:00Z"), "anna");
    assert.equal(who(berlin, "2026-01-12T07:59:59Z"), "anna");
    assert.equal(who(berlin, "2026-01-12T08:00:00Z"), "bob");
    assert.equal(who(berlin, "2026-01-26T08:00:00Z"), "anna");
  });

  test("a hand-over keeps its wall-clock time when the clocks change", () => {
    // Summer time began on 2026-03-29 in Berlin: 09:00 is 07:00 UTC from then on.
    assert.equal(onCallAt(berlin, at("2026-03-30T06:59:59Z"))?.untilMs, at("2026-03-30T07:00:00Z"));
    assert.notEqual(who(berlin, "2026-03-30T06:59:59Z"), who(berlin, "2026-03-30T07:00:00Z"));
  });

  test("a daily hand-over at a time that does not exist that night comes when the clocks have moved", () => {
    const daily = OnCallScheduleInput.parse({ ...berlin, every: "day", time: "02:30", startDate: "2026-03-28" });
    assert.equal(onCallAt(daily, at("2026-03-28T12:00:00Z"))?.untilMs, at("2026-03-29T01:30:00Z"));
    const autumn = OnCallScheduleInput.parse({ ...daily, startDate: "2026-10-24" });
    // 02:30 comes twice on 2026-10-25: the first one counts.
    assert.equal(onCallAt(autumn, at("2026-10-24T12:00:00Z"))?.untilMs, at("2026-10-25T00:30:00Z"));
    assert.equal(who(autumn, "2026-10-25T00:29:59Z"), "anna");
    assert.equal(who(autumn, "2026-10-25T01:00:00Z"), "bob");
  });

  test("an override is on call in its time, the later one of two, and turns end where one begins", () => {
    const overridden = OnCallScheduleInput.parse({
      ...berlin,
      overrides: [
        { contact: "dora", fromMs: at("2026-01-07T00:00:00Z"), untilMs: at("2026-01-09T00:00:00Z") },
        { contact: "emil", fromMs: at("2026-01-08T00:00:00Z"), untilMs: at("2026-01-08T12:00:00Z") },
        { contact: "nobody", fromMs: at("2026-01-08T13:00:00Z"), untilMs: at("2026-01-08T13:00:00Z") },
      ],
    });
    const turns = ["01-06T12", "01-07T12", "01-08T06", "01-08T13", "01-09T00"].map((hour) => {
      const turn = onCallAt(overridden, at(`2026-${hour}:00:00Z`));
      return [turn?.contact, turn?.isOverride, new Date(turn?.untilMs ?? 0).toISOString().slice(5, 13)];
    });
    assert.deepEqual(turns, [
      ["anna", false, "01-07T00"],
      ["dora", true, "01-08T00"],
      ["emil", true, "01-08T12"],
      ["dora", true, "01-09T00"],
      ["anna", false, "01-12T08"],
    ]);
  });

  test("a weekly schedule that starts on another day begins on its weekday", () => {
    const friday = OnCallScheduleInput.parse({ ...berlin, weekday: "friday" });
    assert.equal(who(friday, "2026-01-09T07:59:59Z"), null);
    assert.equal(who(friday, "2026-01-09T08:00:00Z"), "anna");
  });

  test("every instant belongs to the turn it is answered with, and turns follow each other without a gap", () => {
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia");
    const schedules = fc.record({
      timeZone: zones,
      every: fc.constantFrom("day" as const, "week" as const),
      time: fc.constantFrom("00:00", "02:30", "09:00", "23:59"),
    });
    const instants = fc.integer({ min: at("2026-01-20T00:00:00Z"), max: at("2028-01-01T00:00:00Z") });
    fc.assert(
      fc.property(schedules, instants, (over, instant) => {
        const schedule = OnCallScheduleInput.parse({ ...berlin, ...over });
        const turn = onCallAt(schedule, instant);
        assert.ok(turn !== null && turn.fromMs <= instant && instant < turn.untilMs);
        const next = onCallAt(schedule, turn.untilMs);
        assert.equal(next?.fromMs, turn.untilMs);
        const order = schedule.members;
        assert.equal(next?.contact, order[(order.indexOf(turn.contact) + 1) % order.length]);
      }),
      { numRuns: 300 },
    );
  });
});
