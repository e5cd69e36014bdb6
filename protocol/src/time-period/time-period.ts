import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { parseDateRange, weekdays } from "./date-range.ts";

/** `HH:MM-HH:MM` from 00:00 to 24:00; an end before the start reaches into the next day, one equal to it is no time at all. */
export const TimeRange = z
  .string()
  .regex(/^([01]?\d|2[0-3]):[0-5]\d-(([01]?\d|2[0-3]):[0-5]\d|24:00)$/, "time range is not HH:MM-HH:MM");
const TimeRanges = z.array(TimeRange).max(50);

/** Days in one of Nagios' forms; see `TimePeriodInput`. */
const Days = z
  .string()
  .min(1)
  .max(100)
  .refine((text) => parseDateRange(text) !== null, "is none of the forms of days, such as 2026-12-24 or monday 3 may");

/** An IANA time zone this runtime knows: `Europe/Berlin`, `UTC`. */
export const TimeZone = z.string().max(64).refine(isTimeZone, "is no IANA time zone such as Europe/Berlin");

/**
 * When something holds: times by the day of the week, and exceptions that replace a day's own times (a holiday with no times is never in
 * the period). `days` is one of Nagios' date forms: `2026-12-24`, `2026-12-24 - 2026-12-26`, `2026-01-01 / 14`, `december 25`, `july 10 - 15 / 2`,
 * `day 1`, `day -1`, `day 1 - 15`, `monday 3`, `monday -1 may`, `thursday 4 november`, `tuesday 1 april - friday 2 may / 6`. Of several
 * exceptions that fit a day, the more precise kind decides, in Nagios' order: calendar date, month date, day of month, weekday of month, weekday;
 * of the same kind the first in the list.
 */
export const TimePeriodInput = z.object({
  name: ResourceName,
  alias: z.string().max(255).default(""),
  timeZone: TimeZone.default("UTC"),
  weekly: z.partialRecord(z.enum(weekdays), TimeRanges).default({}),
  exceptions: z
    .array(z.strictObject({ days: Days, times: TimeRanges }))
    .max(500)
    .default([]),
  /** Names of periods whose times are taken out (Nagios: exclude). */
  exclude: z.array(ResourceName).max(20).default([]),
});
export type TimePeriodInput = z.infer<typeof TimePeriodInput>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
