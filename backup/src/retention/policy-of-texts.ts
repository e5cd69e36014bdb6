import type { Retention } from "@mycloud/protocol/backup-policy";
import { parseCalendarDuration } from "./calendar-duration.ts";
import type { RetentionPolicy } from "./policy.ts";

/** What a backup policy says is kept, as the engine has it. Throws InputError for a duration that is none. Pure. */
export function retentionPolicyOf(retention: Retention): RetentionPolicy {
  const fields = Object.entries(retention).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return [];
    return [[name, typeof value === "string" ? parseCalendarDuration(value) : value]];
  });
  return Object.fromEntries(fields);
}
