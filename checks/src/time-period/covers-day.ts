import type { DateRange } from "@mycloud/protocol/time-period";
import { dayOf, dayOfMonth, monthOfDay, weekdayOfMonth } from "./calendar-day.ts";

/**
 * Whether a day is among the days of an exception, as nagios base/utils.c _get_matching_timerange finds it. Three of its slips are not
 * repeated: a range over the turn of the year also covers its days in January, one with a step ends where it says, and an end beyond its
 * month's last day is the last day of that month, not of the present one. Pure.
 */
export function coversDay(range: DateRange, day: number): boolean {
  if (range.kind === "calendar-date") {
    const { first, last, every } = range;
    const end = last === null ? Number.POSITIVE_INFINITY : dayOf(last.year, last.month, last.day);
    return isWithin(day, dayOf(first.year, first.month, first.day), end, every);
  }
  const { year, month } = monthOfDay(day);
  if (range.kind === "month-day" || range.kind === "weekday") {
    const [first, last] = spanInMonth(range, year, month);
    if (first === null || last === null) return false;
    // `day 25 - 5` is the end and the beginning of each month.
    return first <= last
      ? isWithin(day, first, last, range.every)
      : day <= last || isWithin(day, first, day, range.every);
  }
  return spanCovers(range, day, year) || spanCovers(range, day, year - 1);
}

function isWithin(day: number, first: number, last: number, every: number): boolean {
  return day >= first && day <= last && (day - first) % every === 0;
}

type Span = readonly [first: number | null, last: number | null];

function spanInMonth(range: Extract<DateRange, { kind: "month-day" | "weekday" }>, year: number, month: number): Span {
  if (range.kind === "month-day") {
    const last = orLastDay(dayOfMonth(year, month, range.last), range.last, year, month);
    return [dayOfMonth(year, month, range.first), last];
  }
  const { first, last } = range;
  const end = weekdayOfMonth(year, month, last.weekday, last.nth);
  return [weekdayOfMonth(year, month, first.weekday, first.nth), orLastDay(end, last.nth, year, month)];
}

function spanCovers(
  range: Extract<DateRange, { kind: "month-date" | "month-weekday" }>,
  day: number,
  year: number,
): boolean {
  const first = pointInYear(range, "first", year);
  let last = pointInYear(range, "last", year);
  // `december 20 - january 6` ends in the next year.
  if (first !== null && last !== null && last < first) last = pointInYear(range, "last", year + 1);
  return first !== null && last !== null && isWithin(day, first, last, range.every);
}

function pointInYear(
  range: Extract<DateRange, { kind: "month-date" | "month-weekday" }>,
  end: "first" | "last",
  year: number,
): number | null {
  if (range.kind === "month-date") {
    const { month, day: nth } = range[end];
    const day = dayOfMonth(year, month, nth);
    return end === "first" ? day : orLastDay(day, nth, year, month);
  }
  const { month, weekday, nth } = range[end];
  const day = weekdayOfMonth(year, month, weekday, nth);
  return end === "first" ? day : orLastDay(day, nth, year, month);
}

/** An end that its month does not have is the month's last day, unless it was counted from there. */
function orLastDay(day: number | null, nth: number, year: number, month: number): number | null {
  return day === null && nth > 0 ? dayOf(year, month + 1, 0) : day;
}
