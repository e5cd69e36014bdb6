import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { ServiceSelector } from "../selector/index.ts";
import { TimeZone } from "../time-period/index.ts";

/**
 * Makes downtimes by a schedule: one starts whenever `cron` (five fields, or six with seconds first) fires in `timeZone`, and lasts
 * `durationSeconds`. It covers what the selector matches while it runs.
 */
export const RecurringDowntimeInput = z.object({
  name: ResourceName,
  selector: ServiceSelector,
  cron: z.string().min(9).max(100),
  timeZone: TimeZone.default("UTC"),
  durationSeconds: z.number().int().min(60).max(31_622_400),
  comment: z.string().min(1, "comment is empty; say why").max(2000),
  /** Says so this long before the end, when something it covers is still bad; never when null. */
  reminderSeconds: z.number().int().min(60).max(604_800).nullable().default(null),
  isEnabled: z.boolean().default(true),
});
export type RecurringDowntimeInput = z.infer<typeof RecurringDowntimeInput>;
