import type { MonitoredStateTable } from "../database/schema.ts";

/** The columns of a state row that `observationOf` reads. */
export const observationColumns = [
  "state",
  "is_hard",
  "attempt",
  "has_been_checked",
  "output",
  "long_output",
  "perfdata",
  "is_stale",
  "is_flapping",
  "percent_state_change",
  "last_check_at_ms",
  "last_state_change_at_ms",
  "last_hard_state_change_at_ms",
  "last_ok_at_ms",
  "problem_id",
  "acknowledgement_id",
] as const satisfies readonly (keyof MonitoredStateTable)[];

export type ObservationRow = Pick<MonitoredStateTable, (typeof observationColumns)[number]>;

/** What monitoring knows of a host or service, in the protocol's words. Pure. */
export function observationOf(row: ObservationRow, maxCheckAttempts: number, isInDowntime: boolean) {
  return {
    stateType: row.is_hard === 1 ? ("HARD" as const) : ("SOFT" as const),
    attempt: row.attempt,
    maxCheckAttempts,
    output: row.output,
    longOutput: row.long_output,
    perfdata: row.perfdata,
    isStale: row.is_stale === 1,
    isFlapping: row.is_flapping === 1,
    percentStateChange: row.percent_state_change,
    lastCheckAtMs: row.last_check_at_ms,
    lastStateChangeAtMs: row.last_state_change_at_ms,
    lastHardStateChangeAtMs: row.last_hard_state_change_at_ms,
    lastOkAtMs: row.last_ok_at_ms,
    problemId: row.problem_id,
    isAcknowledged: row.acknowledgement_id !== null,
    isInDowntime,
  };
}
