import { formatRange, isOutOfRange, type Range } from "../plugin-api/range.ts";
import type { ReturnCode } from "../plugin-api/return-code.ts";
import type { OptionValues } from "./option-values.ts";

/** The ranges a value is held against; a missing one never alerts. */
export interface Thresholds {
  readonly warning?: Range | undefined;
  readonly critical?: Range | undefined;
}

/** CRITICAL before WARNING before OK. */
export function judge(value: number, thresholds: Thresholds): ReturnCode {
  if (thresholds.critical !== undefined && isOutOfRange(thresholds.critical, value)) return 2;
  if (thresholds.warning !== undefined && isOutOfRange(thresholds.warning, value)) return 1;
  return 0;
}

/** The thresholds as the `warn` and `crit` fields of a perfdatum. */
export function perfdataThresholds(thresholds: Thresholds): { warn?: string; crit?: string } {
  return {
    ...(thresholds.warning === undefined ? {} : { warn: formatRange(thresholds.warning) }),
    ...(thresholds.critical === undefined ? {} : { crit: formatRange(thresholds.critical) }),
  };
}

/** Reads `-w` and `-c` (or the options named) as ranges. */
export function thresholdsFrom(options: OptionValues, warning = "warning", critical = "critical"): Thresholds {
  return { warning: options.range(warning), critical: options.range(critical) };
}

/** Which threshold a value crossed, for the output line: ` (critical above 95%)`; empty when none. */
export function crossedThreshold(returnCode: ReturnCode, thresholds: Thresholds, unit = ""): string {
  const range = returnCode === 2 ? thresholds.critical : returnCode === 1 ? thresholds.warning : undefined;
  return range === undefined ? "" : ` (${returnCode === 2 ? "critical" : "warning"} ${describeRange(range, unit)})`;
}

function describeRange(range: Range, unit: string): string {
  const { start, end, isInside } = range;
  if (isInside) return `inside ${formatRange({ ...range, isInside: false })}${unit}`;
  if (end === Infinity) return `below ${start}${unit}`;
  return start === 0 || start === -Infinity ? `above ${end}${unit}` : `outside ${start}:${end}${unit}`;
}
