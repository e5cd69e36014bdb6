import { z } from "zod";

/** A time of day, `HH:MM`. */
export const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "is not a time of day such as 22:30");

/** From one time of day to another, over midnight when `to` is not after `from`. */
export const DayWindow = z.object({ from: TimeOfDay, to: TimeOfDay });
export type DayWindow = z.infer<typeof DayWindow>;

/** When a job runs. Times are those of `timeZone`. */
export const BackupSchedule = z.object({
  /** Five or six fields, as cron has them. */
  cron: z.string().min(1).max(120).default("0 2 * * *"),
  /** IANA name. */
  timeZone: z.string().min(1).max(64).default("UTC"),
  /** Hosts begin at different times within this, each always at the same. */
  splaySeconds: z.number().int().min(0).max(86_400).default(900),
  /** A run only begins within it; one that has begun goes on. */
  window: DayWindow.nullable().default(null),
  /** Whether a time that passed while the host or its agent was off is made up for, once. */
  catchUp: z.boolean().default(true),
});
export type BackupSchedule = z.infer<typeof BackupSchedule>;
