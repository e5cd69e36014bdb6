import { InputError } from "../error/index.ts";
import { type CalendarDuration, formatCalendarDuration } from "./calendar-duration.ts";

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

/** Whether no rule of the policy could keep anything. */
export function isEmptyPolicy({ keepTags = [], ...rules }: RetentionPolicy): boolean {
  return keepTags.length === 0 && Object.values(rules).every(isNothing);
}

function isNothing(rule: number | CalendarDuration | undefined): boolean {
  return typeof rule === "object" ? formatCalendarDuration(rule) === "" : rule === undefined || rule === 0;
}

/** Throws InputError when a count is not a whole number, -1 or more. */
export function checkPolicy({ keepTags: _, ...rules }: RetentionPolicy): void {
  for (const [name, rule] of Object.entries(rules)) {
    if (typeof rule === "number" && !(Number.isSafeInteger(rule) && rule >= -1)) {
      throw new InputError(`${name} is ${rule}; write how many to keep, or -1 for all`);
    }
  }
}
