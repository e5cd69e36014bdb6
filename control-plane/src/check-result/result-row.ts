import { toReturnCode } from "@mycloud/checks/plugin-api";
import type { Row } from "../database/dialect/dialect.ts";
import type { StateReport, StoredState } from "../state-change/index.ts";
import type { IncomingResult } from "./incoming-result.ts";

/** The columns of `check_result` that `resultRow` fills. */
export const resultColumns = [
  "host_id",
  "service_id",
  "return_code",
  "state",
  "is_hard",
  "attempt",
  "output",
  "long_output",
  "perfdata",
  "checked_at_ms",
  "received_at_ms",
  "execution_time_seconds",
  "latency_seconds",
  "is_clock_skewed",
] as const;

/** A row of the history of results, after `stored` took the result in. */
export function resultRow(
  nowMs: number,
  stored: StoredState,
  result: IncomingResult,
  checkedAtMs: number,
  report: StateReport,
  isLate: boolean,
): Row {
  const { state } = stored;
  return [
    result.hostId,
    result.serviceId,
    result.returnCode,
    isLate ? stateOfCode(result) : state.state,
    state.isHard ? 1 : 0,
    state.attempt,
    report.output,
    report.longOutput,
    report.perfdata,
    checkedAtMs,
    nowMs,
    report.executionTimeSeconds,
    report.latencySeconds,
    report.isClockSkewed ? 1 : 0,
  ];
}

/** The state a return code means by itself, for a late result that the state machine never saw. */
function stateOfCode({ returnCode, serviceId }: IncomingResult): number {
  if (serviceId !== null) return toReturnCode(returnCode);
  return returnCode === 0 || returnCode === 2 ? returnCode : 1;
}
