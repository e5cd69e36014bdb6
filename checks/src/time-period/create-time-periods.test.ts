import assert from "node:assert/strict";
import test from "node:test";
import { TimePeriodInput } from "@mycloud/protocol/time-period";
import { createTimePeriods } from "./create-time-periods.ts";

type Written = Partial<TimePeriodInput>;
const always: Written = {
  weekly: Object.fromEntries(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map((day) => [day, ["00:00-24:00"]]),
  ),
};
const at = (text: string) => Date.parse(text);

function period(written: Written, others: Record<string, Written> = {}) {
  const all = Object.entries({ ...others, p: written });
  const periods = createTimePeriods(all.map(([name, input]) => TimePeriodInput.parse({ name, ...input })));
  return {
    isInside: (text: string) => periods.isInside("p", at(text)),
    nextStart: (text: string) => iso(periods.nextStart("p", at(text))),
    nextEnd: (text: string) => iso(periods.nextEnd("p", at(text))),
  };
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().replace(":00.000Z", "Z");
}

test("times of a weekday hold from their first minute up to their last", () => {
  const { isInside } = period({ weekly: { monday: ["09:00-17:00"] } });
  assert.equal(isInside("2026-11-23T08:59:59Z"), false);
  assert.equal(isInside("2026-11-23T09:00:00Z"), true);
  assert.equal(isInside("2026-11-23T16:59:59Z"), true);
  assert.equal(isInside("2026-11-23T17:00:00Z"), false);
  assert.equal(isInside("2026-11-24T12:00:00Z"), false);
});

test("times past midnight belong to the day they start on", () => {
  const { isInside, nextEnd } = period({ weekly: { friday: ["22:00-06:00"] } });
  assert.equal(isInside("2026-11-27T05:00:00Z"), false);
  assert.equal(isInside("2026-11-27T23:00:00Z"), true);
  assert.equal(isInside("2026-11-28T05:59:00Z"), true);
  assert.equal(nextEnd("2026-11-27T23:00:00Z"), "2026-11-28T06:00Z");
  assert.equal(isInside("2026-11-28T23:00:00Z"), false);
});

test("24:00 is the end of the day, and equal times are no time", () => {
  const late = period({ weekly: { monday: ["20:00-24:00"], tuesday: ["00:00-03:00"] } });
  assert.equal(late.nextEnd("2026-11-23T20:00:00Z"), "2026-11-24T03:00Z");
  const none = period({ weekly: { monday: ["00:00-00:00"] } });
  assert.equal(none.nextStart("2026-11-23T00:00:00Z"), null);
});

test("the more precise kind of exception decides, and of one kind the first", () => {
  const hours = (hour: number) => [`${String(hour).padStart(2, "0")}:00-${String(hour + 1).padStart(2, "0")}:00`];
  const exceptions = [
    { days: "monday 4", times: hours(1) },
    { days: "monday 4 november", times: hours(2) },
    { days: "day 23", times: hours(3) },
    { days: "november 23", times: hours(4) },
    { days: "2026-11-23", times: hours(5) },
    { days: "2026-11-20 - 2026-11-30", times: hours(6) },
  ];
  for (let left = 5; left > 0; left--) {
    const { nextStart } = period({ weekly: { monday: hours(0) }, exceptions: exceptions.slice(0, left) });
    assert.equal(nextStart("2026-11-23T00:00:00Z"), `2026-11-23T0${left}:00Z`);
  }
  assert.equal(period({ exceptions }).nextStart("2026-11-23T00:00:00Z"), "2026-11-23T05:00Z");
  assert.equal(period({ weekly: { monday: hours(0) } }).nextStart("2026-11-23T00:00:00Z"), "2026-11-23T00:00Z");
});

test("a holiday without times takes the day out", () => {
  const { isInside } = period({ ...always, exceptions: [{ days: "december 25", times: [] }] });
  assert.equal(isInside("2026-12-25T12:00:00Z"), false);
  assert.equal(isInside("2027-12-25T12:00:00Z"), false);
  assert.equal(isInside("2026-12-26T12:00:00Z"), true);
});

test("each form of days covers the days that nagios documents", () => {
  for (const [days, inside, outside] of [
    ["2026-12-24", ["2026-12-24"], ["2026-12-23", "2026-12-25", "2027-12-24"]],
    ["2026-12-30 - 2027-01-02", ["2026-12-30", "2027-01-01", "2027-01-02"], ["2026-12-29", "2027-01-03"]],
    ["2026-01-01 / 14", ["2026-01-01", "2026-01-15", "2026-11-19"], ["2025-12-18", "2026-01-02", "2026-11-20"]],
    ["2026-01-01 - 2026-01-10 / 3", ["2026-01-01", "2026-01-10"], ["2026-01-09", "2026-01-13"]],
    ["july 10 - 15 / 2", ["2026-07-10", "2026-07-14"], ["2026-07-11", "2026-07-15", "2026-07-16"]],
    ["december 20 - january 6", ["2026-12-20", "2026-12-31", "2027-01-06"], ["2026-12-19", "2027-01-07", "2026-07-01"]],
    ["february 20 - february 31", ["2026-02-28", "2028-02-29"], ["2026-03-01", "2026-02-19"]],
    ["february 29", ["2028-02-29"], ["2027-02-28", "2027-03-01"]],
    ["day 1", ["2026-03-01"], ["2026-03-02"]],
    ["day -1", ["2026-02-28", "2026-04-30"], ["2026-03-30"]],
    ["day 31", ["2026-03-31"], ["2026-04-30", "2026-05-01"]],
    ["day 25 - 5", ["2026-03-25", "2026-03-31", "2026-03-05", "2026-03-01"], ["2026-03-06", "2026-03-24"]],
    ["day -3 - -1", ["2026-04-28", "2026-04-30"], ["2026-04-27"]],
    ["monday 1", ["2026-11-02"], ["2026-11-09"]],
    ["monday -1", ["2026-11-30", "2026-10-26"], ["2026-11-23"]],
    ["monday 5", ["2026-11-30"], ["2026-10-26", "2026-11-02"]],
    ["monday 3 - thursday 3", ["2026-11-16", "2026-11-19"], ["2026-11-15", "2026-11-20"]],
    ["thursday 4 november", ["2026-11-26"], ["2026-11-19", "2026-12-24"]],
    ["monday -1 may", ["2026-05-25", "2027-05-31"], ["2026-05-18"]],
    ["tuesday 1 april - friday 2 may / 6", ["2026-04-07", "2026-04-13", "2026-05-07"], ["2026-04-08", "2026-05-13"]],
    ["friday 2 december - monday 1 february", ["2026-12-11", "2027-01-15", "2027-02-01"], ["2027-02-02"]],
  ] as const) {
    const { isInside } = period({ exceptions: [{ days, times: ["00:00-24:00"] }] });
    for (const day of inside) assert.equal(isInside(`${day}T12:00:00Z`), true, `${days} covers ${day}`);
    for (const day of outside) assert.equal(isInside(`${day}T12:00:00Z`), false, `${days} does not cover ${day}`);
  }
});

test("an hour that the zone skips never comes", () => {
  const { isInside, nextStart, nextEnd } = period({ timeZone: "Europe/Berlin", weekly: { sunday: ["02:30-03:30"] } });
  // 2026-03-29: at 02:00 clocks show 03:00, which is 01:00 UTC.
  assert.equal(nextStart("2026-03-29T00:00:00Z"), "2026-03-29T01:00Z");
  assert.equal(nextEnd("2026-03-29T01:00:00Z"), "2026-03-29T01:30Z");
  assert.equal(isInside("2026-03-29T00:59:00Z"), false);
  const within = period({ timeZone: "Europe/Berlin", weekly: { sunday: ["02:10-02:50"] } });
  assert.equal(within.nextStart("2026-03-29T00:00:00Z"), "2026-04-05T00:10Z");
});

test("an hour that the zone repeats counts twice", () => {
  const { isInside, nextStart, nextEnd } = period({ timeZone: "Europe/Berlin", weekly: { sunday: ["02:15-02:45"] } });
  // 2026-10-25: at 03:00 clocks show 02:00 again, which is 01:00 UTC.
  assert.equal(nextStart("2026-10-25T00:00:00Z"), "2026-10-25T00:15Z");
  assert.equal(nextEnd("2026-10-25T00:15:00Z"), "2026-10-25T00:45Z");
  assert.equal(isInside("2026-10-25T01:00:00Z"), false);
  assert.equal(nextStart("2026-10-25T00:45:00Z"), "2026-10-25T01:15Z");
});

test("a period starts by its own zone, also where the day is another one", () => {
  const { nextStart } = period({ timeZone: "Pacific/Auckland", weekly: { monday: ["08:00-12:00"] } });
  assert.equal(nextStart("2026-11-21T00:00:00Z"), "2026-11-22T19:00Z");
});

test("a day that a zone left out is never inside", () => {
  const { nextStart } = period({
    timeZone: "Pacific/Apia",
    exceptions: [{ days: "2011-12-30", times: ["00:00-24:00"] }],
  });
  assert.equal(nextStart("2011-12-01T00:00:00Z"), null);
});

test("excluded periods are taken out, each with its own zone and excludes", () => {
  const lunch = { timeZone: "Europe/Berlin", weekly: { monday: ["12:00-13:00"] }, exclude: ["not-really"] };
  const { isInside } = period(
    { ...always, exclude: ["lunch"] },
    { lunch, "not-really": { exceptions: [{ days: "2026-11-23", times: ["00:00-24:00"] }] } },
  );
  assert.equal(isInside("2026-11-16T11:30:00Z"), false);
  assert.equal(isInside("2026-11-16T12:30:00Z"), true);
  assert.equal(isInside("2026-11-23T11:30:00Z"), true);
});

test("an exclude that leads back to itself is left out", () => {
  const { isInside } = period({ ...always, exclude: ["other"] }, { other: { exclude: ["p"] } });
  assert.equal(isInside("2026-11-23T11:30:00Z"), true);
});

test("no name and an unknown name are always", () => {
  const periods = createTimePeriods([]);
  for (const name of [null, "gone"]) {
    assert.equal(periods.isInside(name, 5), true);
    assert.equal(periods.nextStart(name, 5), 5);
    assert.equal(periods.nextEnd(name, 5), null);
  }
});

test("a period that is always or never so has no next end or start", () => {
  assert.equal(period(always).nextEnd("2026-11-23T00:00:00Z"), null);
  assert.equal(period({}).nextStart("2026-11-23T00:00:00Z"), null);
});
