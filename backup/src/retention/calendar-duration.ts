/** A span of calendar time, e.g. 1y5m7d2h: months and years have no fixed length. */
export interface CalendarDuration {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number;
}

/** Reads `1y5m7d2h` (any parts, no negative ones). Throws InputError. */
export function parseCalendarDuration(text: string): CalendarDuration {
  throw new Error(`not built yet (${text})`);
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
