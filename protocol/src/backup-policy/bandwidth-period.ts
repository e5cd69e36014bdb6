import { z } from "zod";
import { TimeOfDay } from "./backup-schedule.ts";

const rate = z.number().int().min(1024).max(100_000_000_000).nullable().default(null);

/** How fast a backup may be at certain times, in bytes a second (null: as fast as it goes). Of several periods that hold, the first counts. */
export const BandwidthPeriod = z.object({
  /** 1 is Monday, 7 Sunday: the days on which the period begins. */
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5, 6, 7]),
  from: TimeOfDay.default("00:00"),
  /** The same as `from`: the whole day. */
  to: TimeOfDay.default("00:00"),
  uploadBytesPerSecond: rate,
  downloadBytesPerSecond: rate,
});
export type BandwidthPeriod = z.infer<typeof BandwidthPeriod>;
