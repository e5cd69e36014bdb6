import type { CalendarDuration } from "./calendar-duration.ts";

/** What to keep. Counts: 0 or absent keeps none by this rule, -1 all. A snapshot is kept when any rule keeps it. */
export interface RetentionPolicy {
  readonly keepLast?: number;
  readonly keepHourly?: number;
  readonly keepDaily?: number;
  readonly keepWeekly?: number;
  readonly keepMonthly?: number;
  readonly keepYearly?: number;
  /** Durations count back from the newest snapshot that is not in the future. */
  readonly keepWithin?: CalendarDuration;
  readonly keepWithinHourly?: CalendarDuration;
  readonly keepWithinDaily?: CalendarDuration;
  readonly keepWithinWeekly?: CalendarDuration;
  readonly keepWithinMonthly?: CalendarDuration;
  readonly keepWithinYearly?: CalendarDuration;
  /** Snapshots that have all tags of one of these lists. */
  readonly keepTags?: readonly (readonly string[])[];
}
