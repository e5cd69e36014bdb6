/** Days counted from 1970-01-01, and what the calendar says of them; no zone is involved. */
export const dayMs = 86_400_000;

/** The day of a date; days beyond the month's end run into the next, as with Date.UTC. */
export function dayOf(year: number, month: number, day: number): number {
  return Math.floor(Date.UTC(year, month - 1, day) / dayMs);
}

/** The year and month (from 1) of a day. */
export function monthOfDay(day: number): { readonly year: number; readonly month: number } {
  const date = new Date(day * dayMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
}

/** The day of the week, 0 Monday to 6 Sunday. */
export function weekdayOfDay(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}

/**
 * The n-th day of a month, negative counting from its end; null when the month has no such day. Counts beyond -31 mean the first day of a
 * month of 31 (nagios base/utils.c calculate_time_from_day_of_month).
 */
export function dayOfMonth(year: number, month: number, nth: number): number | null {
  const first = dayOf(year, month, 1);
  const last = dayOf(year, month + 1, 0);
  const day = nth > 0 ? first + nth - 1 : last + Math.max(nth, -31) + 1;
  return day < first || day > last ? null : day;
}

/**
 * The n-th Monday, Tuesday, ... of a month, negative counting from its end; null when it has no such day. Counts beyond 5 and -5 mean those (nagios
 * calculate_time_from_weekday_of_month).
 */
export function weekdayOfMonth(year: number, month: number, weekday: number, nth: number): number | null {
  const first = dayOf(year, month, 1);
  const last = dayOf(year, month + 1, 0);
  if (nth > 0) {
    const day = first + ((weekday - weekdayOfDay(first) + 7) % 7) + (Math.min(nth, 5) - 1) * 7;
    return day > last ? null : day;
  }
  const day = last - ((weekdayOfDay(last) - weekday + 7) % 7) + (Math.max(nth, -5) + 1) * 7;
  return day < first ? null : day;
}
