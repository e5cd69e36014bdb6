import { RecurringDowntimeInput } from "@mycloud/protocol/downtime";
import { refuseSchedule } from "../downtime/plan-occurrences.ts";
import { InputError } from "../error/index.ts";

/** Throws InputError when a definition is well formed and could never work all the same: a schedule that cannot be understood or never comes. */
export function refuseUnworkable(kind: string, input: unknown): void {
  if (kind !== "RecurringDowntime") return;
  const { cron, timeZone } = RecurringDowntimeInput.parse(input);
  const fault = refuseSchedule(cron, timeZone);
  if (fault !== null) throw new InputError(fault, [{ field: "cron", value: cron, message: fault }]);
}
