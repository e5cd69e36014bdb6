import { type Perfdatum, parseRange, toBaseUnit } from "@mycloud/checks/plugin-api";
import type { MeasuredPerfdatum } from "@mycloud/protocol/perfdata-metric";

/** What metrics of thresholds begin with; their label `threshold` says which. */
export const thresholdPrefix = "mycloud_perfdata_threshold";

export type ThresholdName = "warning" | "critical";

/**
 * The bound of each value's range, in its base unit, so that a chart draws it beside the value: the upper one, or the lower one of a range that has no other.
 * Counters have none: what is drawn of them is their rate. Pure.
 */
export function thresholdPerfdata(perfdata: readonly Perfdatum[], threshold: ThresholdName): MeasuredPerfdatum[] {
  return perfdata.flatMap(({ label, unit, warn, crit }) => {
    const text = threshold === "warning" ? warn : crit;
    if (text === undefined || unit === "c") return [];
    const parsed = parseRange(text);
    if (!parsed.ok) return [];
    const { start, end } = parsed.range;
    const bound = Number.isFinite(end) ? end : start;
    return Number.isFinite(bound) ? [{ label, ...toBaseUnit(bound, unit) }] : [];
  });
}
