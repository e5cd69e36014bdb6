import { InputError } from "../error/index.ts";

/** A span of calendar time, e.g. 1y5m7d2h: months and years have no fixed length. */
export interface CalendarDuration {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number;
}

const form = /^(?=.)(?:(\d{1,6})y)?(?:(\d{1,6})m)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?$/;

/** Reads `1y5m7d2h`: any of the parts, in this order. Throws InputError. */
export function parseCalendarDuration(text: string): CalendarDuration {
  const match = form.exec(text.trim());
  if (match === null) {
    throw new InputError(
      `duration "${text}": write years, months, days and hours as in 1y5m7d2h, any of them left out`,
    );
  }
  const [years = 0, months = 0, days = 0, hours = 0] = match.slice(1).map((digits) => Number(digits ?? 0));
  return { years, months, days, hours };
}

/** The duration as `parseCalendarDuration` reads it; empty when it is zero. */
export function formatCalendarDuration({ years, months, days, hours }: CalendarDuration): string {
  const parts: readonly [number, string][] = [
    [years, "y"],
    [months, "m"],
    [days, "d"],
    [hours, "h"],
  ];
  return parts.map(([count, unit]) => (count === 0 ? "" : `${count}${unit}`)).join("");
}
