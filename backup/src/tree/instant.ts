import { InputError } from "../error/index.ts";
import type { InstantText } from "./node.ts";

const nsPerSecond = 1_000_000_000n;
const secondsPerDay = 86_400;

/** Nanoseconds since 1970 (UTC) as restic writes an instant. Years beyond 0..9999 become year 0 or 9999, since RFC 3339 ends there. */
export function instantText(ns: bigint): InstantText {
  // Rounds towards zero; an instant before 1970 with a fraction lies in the second before.
  let seconds = ns / nsPerSecond;
  let nanoseconds = Number(ns - seconds * nsPerSecond);
  if (nanoseconds < 0) {
    seconds -= 1n;
    nanoseconds += 1_000_000_000;
  }
  return instantTextOf(Number(seconds), nanoseconds);
}

/** The same of whole seconds since 1970 (floor) and nanoseconds after them (0..999,999,999): a timespec. */
export function instantTextOf(seconds: number, nanoseconds: number): InstantText {
  const days = Math.floor(seconds / secondsPerDay);
  const secondOfDay = seconds - days * secondsPerDay;
  const { year, month, day } = dateOfDay(days);
  const clamped =
    year < 0 ? dateOfDay(dayOfDate(0, month, day)) : year > 9999 ? dateOfDay(dayOfDate(9999, month, day)) : null;
  const date = clamped ?? { year, month, day };
  const hour = Math.floor(secondOfDay / 3600);
  const minute = Math.floor(secondOfDay / 60) % 60;
  return `${String(date.year).padStart(4, "0")}-${two(date.month)}-${two(date.day)}T${two(hour)}:${two(minute)}:${two(secondOfDay % 60)}${fraction(nanoseconds)}Z`;
}

/**
 * Milliseconds since 1970 as an instant that also says what the clock on the wall showed here, e.g. `2024-02-29T13:00:00.5+01:00`:
 * retention counts days as the people of the host do, and restic writes snapshots' times so.
 */
export function localInstantText(ms: number): InstantText {
  const eastMinutes = -new Date(ms).getTimezoneOffset();
  const shown = ms + eastMinutes * 60_000;
  const seconds = Math.floor(shown / 1000);
  const text = instantTextOf(seconds, Math.round((shown - seconds * 1000) * 1_000_000));
  if (eastMinutes === 0) return text;
  const distance = Math.abs(eastMinutes);
  return `${text.slice(0, -1)}${eastMinutes < 0 ? "-" : "+"}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}

function fraction(nanoseconds: number): string {
  if (nanoseconds === 0) return "";
  const digits = String(nanoseconds).padStart(9, "0");
  let end = 9;
  while (digits.charCodeAt(end - 1) === 48) end--;
  return `.${digits.slice(0, end)}`;
}

/** Nanoseconds since 1970 of an RFC 3339 instant with a zone. Throws InputError when it is none. */
export function instantNs(text: InstantText): bigint {
  const seconds = instantSeconds(text);
  if (Number.isNaN(seconds))
    throw new InputError(`instant ${JSON.stringify(text)} is none; write it as 2024-02-29T12:00:00Z`);
  return BigInt(seconds) * nsPerSecond + BigInt(nanosecondsOf(text));
}

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Whole seconds since 1970 (floor) of an RFC 3339 instant; NaN when it is none. With `nanosecondsOf` it is a timespec, without bigints. */
export function instantSeconds(text: InstantText): number {
  if (!form.test(text)) return Number.NaN;
  const year = digits(text, 0) * 100 + digits(text, 2);
  const month = digits(text, 5);
  const day = digits(text, 8);
  const hour = digits(text, 11);
  const minute = digits(text, 14);
  const second = digits(text, 17);
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return Number.NaN;
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  const seconds = dayOfDate(year, month, day) * secondsPerDay + hour * 3600 + minute * 60 + second;
  const zone = text.length - 6;
  if (text.charCodeAt(text.length - 1) === 90) return seconds;
  const zoneHour = digits(text, zone + 1);
  const zoneMinute = digits(text, zone + 4);
  if (zoneHour > 24 || zoneMinute > 59) return Number.NaN;
  const offset = zoneHour * 3600 + zoneMinute * 60;
  return text[zone] === "-" ? seconds + offset : seconds - offset;
}

/** The fraction of an RFC 3339 instant in nanoseconds, 0..999,999,999. The text must be one (see `instantSeconds`). */
export function nanosecondsOf(text: InstantText): number {
  if (text.charCodeAt(19) !== 46) return 0;
  let nanoseconds = 0;
  let unit = 100_000_000;
  for (let at = 20; ; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return nanoseconds;
    nanoseconds += digit * unit;
    unit /= 10;
  }
}

function digits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

// The calendar in whole 400-year eras of 146,097 days, with years that begin in March so that the leap day is the last one:
// "chrono-Compatible Low-Level Date Algorithms", Howard Hinnant. Date is not used since it is slower and ends at year 275,760.
const daysToEpoch = 719_468;

/** Days since 1970-01-01 of a date; month 1..12. The day may be out of range, then it counts on. */
export function dayOfDate(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - daysToEpoch
  );
}

function dateOfDay(days: number): { year: number; month: number; day: number } {
  const shifted = days + daysToEpoch;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
