import { z } from "zod";

const count = z.number().int().min(-1).max(100_000).optional();
const duration = z
  .string()
  .regex(/^(\d+[ymdh])+$/, "is not a duration such as 1y6m, 30d or 12h")
  .max(32)
  .optional();

/** Which snapshots are kept, in the words and with the meaning of `restic forget`: -1 keeps all. Nothing given keeps everything. */
export const Retention = z.strictObject({
  keepLast: count,
  keepHourly: count,
  keepDaily: count,
  keepWeekly: count,
  keepMonthly: count,
  keepYearly: count,
  keepWithin: duration,
  keepWithinHourly: duration,
  keepWithinDaily: duration,
  keepWithinWeekly: duration,
  keepWithinMonthly: duration,
  keepWithinYearly: duration,
});
export type Retention = z.infer<typeof Retention>;
