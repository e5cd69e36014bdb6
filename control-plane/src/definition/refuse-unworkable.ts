import { BackupPolicyInput } from "@mycloud/protocol/backup-policy";
import { RecurringDowntimeInput } from "@mycloud/protocol/downtime";
import { refuseSchedule } from "../downtime/plan-occurrences.ts";
import { InputError } from "../error/index.ts";

/** Throws InputError when a definition is well formed and could never work all the same: a schedule that cannot be understood or never comes. */
export function refuseUnworkable(kind: string, input: unknown): void {
  if (kind === "BackupPolicy") refuseEmptyPolicy(BackupPolicyInput.parse(input));
  if (kind !== "RecurringDowntime") return;
  const { cron, timeZone } = RecurringDowntimeInput.parse(input);
  const fault = refuseSchedule(cron, timeZone);
  if (fault !== null) throw new InputError(fault, [{ field: "cron", value: cron, message: fault }]);
}

function refuseEmptyPolicy({ paths, dumps, schedule: { cron, timeZone } }: BackupPolicyInput): void {
  if (paths.length === 0 && dumps.length === 0) {
    const message = "is empty, and so is dumps: there is nothing to back up";
    throw new InputError(`paths ${message}`, [{ field: "paths", message }]);
  }
  const fault = refuseSchedule(cron, timeZone);
  if (fault !== null) throw new InputError(fault, [{ field: "schedule.cron", value: cron, message: fault }]);
}
