/** Days of the week as Temporal and ISO 8601 count them, Monday first. */
export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof weekdays)[number];

const months = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
] as const;

const weekdayNames: readonly string[] = weekdays;
const monthNames: readonly string[] = months;

/** A day of the calendar, months from 1. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}
/** A day of a month; negative counts from its end, -1 being the last. */
export interface MonthDate {
  readonly month: number;
  readonly day: number;
}
/** The third Monday of a month, or with -1 the last; `weekday` from 0, Monday. */
export interface NthWeekday {
  readonly weekday: number;
  readonly nth: number;
}
export interface NthWeekdayOfMonth extends NthWeekday {
  readonly month: number;
}

/** Days of a Nagios time period's exception; `every` takes only each n-th day from the first on. The last day belongs to it. */
export type DateRange =
  | { readonly kind: "calendar-date"; readonly first: CalendarDate; readonly last: CalendarDate | null; every: number }
  | { readonly kind: "month-date"; readonly first: MonthDate; readonly last: MonthDate; readonly every: number }
  | { readonly kind: "month-day"; readonly first: number; readonly last: number; readonly every: number }
  | {
      readonly kind: "month-weekday";
      readonly first: NthWeekdayOfMonth;
      readonly last: NthWeekdayOfMonth;
      readonly every: number;
    }
  | { readonly kind: "weekday"; readonly first: NthWeekday; readonly last: NthWeekday; readonly every: number };

/** Kinds of exceptions in the order in which they decide, the more precise first (nagios common/objects.h). */
export const dateRangeKinds = ["calendar-date", "month-date", "month-day", "month-weekday", "weekday"] as const;

/** Reads the days of an exception in one of Nagios' forms; null when it is none. Case does not matter. Pure. */
export function parseDateRange(text: string): DateRange | null {
  const [range = "", skip, ...more] = text
    .trim()
    .toLowerCase()
    .split(/\s*\/\s*/);
  const every = skip === undefined ? 1 : (integer(skip) ?? 0);
  if (more.length > 0 || every < 1) return null;
  return calendarRange(range, every) ?? yearlyRange(range, every);
}

const calendarForm = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:\s*-\s*(\d{4})-(\d{1,2})-(\d{1,2}))?$/;

function calendarRange(text: string, every: number): DateRange | null {
  const parts = calendarForm.exec(text)?.slice(1);
  if (parts === undefined) return null;
  const first = calendarDate(parts.slice(0, 3));
  if (first === null) return null;
  // Without an end, a single day; with a step it goes on for ever. A step of 1 is none (nagios base/utils.c).
  if (parts[3] === undefined) return { kind: "calendar-date", first, last: every > 1 ? null : first, every };
  const last = calendarDate(parts.slice(3));
  const isBackwards = last !== null && instantOf(last) < instantOf(first);
  return last === null || isBackwards ? null : { kind: "calendar-date", first, last, every };
}

function calendarDate(parts: readonly (string | undefined)[]): CalendarDate | null {
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const isReal = month >= 1 && month <= 12 && day >= 1 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
  return isReal ? { year, month, day } : null;
}

function instantOf({ year, month, day }: CalendarDate): number {
  return Date.UTC(year, month - 1, day);
}

const pointForm = /^([a-z]+)\s+(-?\d{1,2})(?:\s+([a-z]+))?$/;

/** `first`, or `first - last` where the last may leave out the words it shares with the first: `july 10 - 15`. */
function yearlyRange(text: string, every: number): DateRange | null {
  // A hyphen with blanks around it joins two days; one at a number is a sign.
  const [firstText = "", lastText, ...more] = text.split(/\s+-\s+|(?<=\d)\s*-(?=\s*[a-z0-9])/);
  const first = pointOf(firstText);
  if (first === null || more.length > 0) return null;
  if (lastText === undefined) return every === 1 ? rangeOf(first, first, every) : null;
  const number = integer(lastText);
  const last = number === null ? pointOf(lastText) : first.of === null ? { ...first, number } : null;
  return last === null ? null : rangeOf(first, last, every);
}

interface Point {
  readonly word: string;
  readonly number: number;
  /** The month of `monday 3 may`. */
  readonly of: string | null;
}

function pointOf(text: string): Point | null {
  const [, word, digits, of] = pointForm.exec(text.trim()) ?? [];
  const number = integer(digits ?? "");
  return word === undefined || number === null || number === 0 ? null : { word, number, of: of ?? null };
}

function rangeOf(first: Point, last: Point, every: number): DateRange | null {
  if (first.number === 0 || last.number === 0) return null;
  if (first.word === "day" && last.word === "day") {
    return first.of === null && last.of === null
      ? { kind: "month-day", first: first.number, last: last.number, every }
      : null;
  }
  const [firstWeekday, lastWeekday] = [weekdayOf(first.word), weekdayOf(last.word)];
  if (firstWeekday !== null && lastWeekday !== null) {
    const from = { weekday: firstWeekday, nth: first.number };
    const to = { weekday: lastWeekday, nth: last.number };
    if (first.of === null && last.of === null) return { kind: "weekday", first: from, last: to, every };
    const [firstMonth, lastMonth] = [monthOf(first.of), monthOf(last.of)];
    if (firstMonth === null || lastMonth === null) return null;
    return {
      kind: "month-weekday",
      first: { ...from, month: firstMonth },
      last: { ...to, month: lastMonth },
      every,
    };
  }
  const [firstMonth, lastMonth] = [monthOf(first.word), monthOf(last.word)];
  if (firstMonth === null || lastMonth === null || first.of !== null || last.of !== null) return null;
  return {
    kind: "month-date",
    first: { month: firstMonth, day: first.number },
    last: { month: lastMonth, day: last.number },
    every,
  };
}

function weekdayOf(word: string): number | null {
  const index = weekdayNames.indexOf(word);
  return index < 0 ? null : index;
}

function monthOf(word: string | null): number | null {
  const index = word === null ? -1 : monthNames.indexOf(word);
  return index < 0 ? null : index + 1;
}

function integer(text: string): number | null {
  return /^-?\d{1,4}$/.test(text.trim()) ? Number(text) : null;
}
