import { type Perfdatum, rangeToBaseUnit, toBaseUnit } from "@mycloud/checks/plugin-api";
import type { PerfdataSeries } from "@mycloud/protocol/perfdata";

/** Thresholds and bounds of a measured item, in the base unit that its values are kept in: `time=200ms;250` warns above 0.25. Pure. */
export function seriesBounds({
  unit,
  warn,
  crit,
  min,
  max,
}: Perfdatum): Pick<PerfdataSeries, "warn" | "crit" | "min" | "max"> {
  return {
    warn: warn === undefined ? null : rangeToBaseUnit(warn, unit),
    crit: crit === undefined ? null : rangeToBaseUnit(crit, unit),
    min: min === undefined ? null : toBaseUnit(min, unit).value,
    max: max === undefined ? null : toBaseUnit(max, unit).value,
  };
}
