import { dayOfDate, instantNs } from "../tree/instant.ts";
import type { CalendarDuration } from "./calendar-duration.ts";

/** What calendar and clock showed where the snapshot was made: its instant's own zone, as restic counts days. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
}

/** Reads the fields of an RFC 3339 text (which was checked when the snapshot was read). */
export function wallClockOf(time: string): WallClock {
  return {
    year: Number(time.slice(0, 4)),
    month: Number(time.slice(5, 7)),
    day: Number(time.slice(8, 10)),
    hour: Number(time.slice(11, 13)),
  };
}

/** Year and number of the ISO 8601 week: weeks begin on Monday and belong to the year of their Thursday. */
export function isoWeekOf({ year, month, day }: WallClock): { readonly year: number; readonly week: number } {
  const days = dayOfDate(year, month, day);
  // 1970-01-01 was a Thursday.
  const thursday = days - ((((days + 3) % 7) + 7) % 7) + 3;
  let weekYear = year;
  if (thursday < dayOfDate(year, 1, 1)) weekYear = year - 1;
  else if (thursday >= dayOfDate(year + 1, 1, 1)) weekYear = year + 1;
  return { year: weekYear, week: Math.floor((thursday - dayOfDate(weekYear, 1, 1)) / 7) + 1 };
}

const nsPerHour = 3_600_000_000_000n;

/**
 * Nanoseconds since 1970 of the instant a calendar duration before another. A day that its month does not have runs over into the next
 * (a month before March 31st is March 3rd), as in Go's AddDate.
 */
export function instantBefore(time: string, { years, months, days, hours }: CalendarDuration): bigint {
  const { year, month, day } = wallClockOf(time);
  const monthCount = (year - years) * 12 + (month - 1) - months;
  const shifted = dayOfDate(Math.floor(monthCount / 12), (((monthCount % 12) + 12) % 12) + 1, 1) + day - 1 - days;
  const dayShift = BigInt(shifted - dayOfDate(year, month, day));
  return instantNs(time) + dayShift * 24n * nsPerHour - BigInt(hours) * nsPerHour;
}
