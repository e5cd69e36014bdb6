import assert from "node:assert/strict";
import test from "node:test";
import { parseDateRange, TimePeriodInput, weekdays } from "@mycloud/protocol/time-period";
import fc from "fast-check";
import { coversDay } from "./covers-day.ts";
import { createTimePeriods } from "./create-time-periods.ts";

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"];
const time = fc
  .integer({ min: 0, max: 96 })
  .map((quarter) => `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`);
const range = fc
  .tuple(
    time.filter((text) => text !== "24:00"),
    time,
  )
  .map(([start, end]) => `${start}-${end}`);
const days = fc.constantFrom(
  "2026-03-29",
  "2026-10-25 - 2026-11-01",
  "2026-01-01 / 3",
  "march 8",
  "october 20 - november 3 / 2",
  "day 1 - 5",
  "day -2 - 2",
  "sunday -1",
  "sunday 2 - tuesday 2",
  "sunday -1 october",
  "sunday 2 march - monday -1 march",
);
const input = fc
  .record({
    timeZone: fc.constantFrom(...zones),
    weekly: fc.dictionary(fc.constantFrom(...weekdays), fc.array(range, { maxLength: 3 })),
    exceptions: fc.array(fc.record({ days, times: fc.array(range, { maxLength: 2 }) }), { maxLength: 4 }),
  })
  .map((written) => TimePeriodInput.parse({ name: "p", ...written }));
const instant = fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2027-01-01") });

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** What the wall clock says, read off with nothing but Temporal's calendar. */
function isInsideByTheClock(period: TimePeriodInput, atMs: number): boolean {
  const wall = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(period.timeZone).toPlainDateTime();
  const minute = (wall.hour * 60 + wall.minute) * 60 + wall.second + wall.millisecond / 1000;
  const today = timesOn(period, wall.toPlainDate());
  const yesterday = timesOn(period, wall.toPlainDate().subtract({ days: 1 }));
  return (
    today.some(([start, end]) => (start < end ? minute >= start && minute < end : start > end && minute >= start)) ||
    yesterday.some(([start, end]) => start > end && minute < end)
  );
}

function timesOn(period: TimePeriodInput, date: Temporal.PlainDate): [number, number][] {
  const day = Math.floor(Date.UTC(date.year, date.month - 1, date.day) / 86_400_000);
  const order = ["calendar-date", "month-date", "month-day", "month-weekday", "weekday"];
  const fitting = period.exceptions
    .map(({ days: text, times }) => ({ range: parseDateRange(text)!, times }))
    .filter((exception) => coversDay(exception.range, day));
  const kind = order.find((name) => fitting.some((exception) => exception.range.kind === name));
  const times =
    fitting.find((exception) => exception.range.kind === kind)?.times ??
    period.weekly[weekdays[date.dayOfWeek - 1]!] ??
    [];
  return times.map((text) => {
    const [start, end] = text.split("-").map((part) => {
      const [hours, minutes] = part.split(":").map(Number);
      return (hours! * 60 + minutes!) * 60;
    });
    return [start!, end!];
  });
}

test("inside is what the wall clock says", () => {
  fc.assert(
    fc.property(input, fc.array(instant, { minLength: 1, maxLength: 20 }), (period, instants) => {
      const periods = createTimePeriods([period]);
      for (const atMs of instants) {
        assert.equal(periods.isInside("p", atMs), isInsideByTheClock(period, atMs), new Date(atMs).toISOString());
      }
    }),
    { numRuns: 300 },
  );
});

test("the next start and end are where what holds changes, and nothing changes before", () => {
  fc.assert(
    fc.property(
      input,
      instant,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
      (period, fromMs, shares) => {
        const periods = createTimePeriods([period]);
        const isInside = periods.isInside("p", fromMs);
        assert.equal(periods[isInside ? "nextStart" : "nextEnd"]("p", fromMs), fromMs);
        const changeMs = periods[isInside ? "nextEnd" : "nextStart"]("p", fromMs);
        const untilMs = changeMs ?? fromMs + 400 * 86_400_000;
        assert.ok(untilMs > fromMs);
        if (changeMs !== null) {
          assert.equal(periods.isInside("p", changeMs), !isInside);
          assert.equal(periods.isInside("p", changeMs - 1), isInside);
        }
        for (const share of shares) {
          const atMs = Math.min(untilMs - 1, fromMs + Math.floor(share * (untilMs - fromMs)));
          assert.equal(periods.isInside("p", atMs), isInside);
          assert.equal(periods[isInside ? "nextEnd" : "nextStart"]("p", atMs), changeMs);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("a period without another is inside the one and not the other", () => {
  const taken = input.map((period) => ({ ...period, name: "taken" }));
  fc.assert(
    fc.property(input, taken, fc.array(instant, { minLength: 1, maxLength: 20 }), (period, other, instants) => {
      const periods = createTimePeriods([{ ...period, exclude: ["taken"] }, other]);
      const alone = createTimePeriods([period]);
      for (const atMs of instants) {
        const expected = alone.isInside("p", atMs) && !periods.isInside("taken", atMs);
        assert.equal(periods.isInside("p", atMs), expected);
      }
    }),
  );
});
