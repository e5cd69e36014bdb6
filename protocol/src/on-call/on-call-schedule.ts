import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { TimeZone, weekdays } from "../time-period/index.ts";

/**
 * Who is on call: the members take turns, in order, handing over every day or every week at a wall-clock time of `timeZone`. `startDate` is the
 * day of the first member's first hand-over. An override puts somebody else on call for a while.
 */
export const OnCallScheduleInput = z.object({
  name: ResourceName,
  timeZone: TimeZone.default("UTC"),
  members: z.array(ResourceName).min(1).max(100),
  every: z.enum(["day", "week"]).default("week"),
  /** The day of the week of the hand-over, when it is weekly. */
  weekday: z.enum(weekdays).default("monday"),
  time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "time is not HH:MM")
    .default("09:00"),
  startDate: z.iso.date(),
  overrides: z
    .array(z.strictObject({ contact: ResourceName, fromMs: z.number().int(), untilMs: z.number().int() }))
    .max(500)
    .default([]),
});
export type OnCallScheduleInput = z.infer<typeof OnCallScheduleInput>;
