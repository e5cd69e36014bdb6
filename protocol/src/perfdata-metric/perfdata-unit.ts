import type { MetricType } from "../exposition/index.ts";

/** What perfdata of a unit is called and how its value is told. */
export interface PerfdataUnit {
  /** Behind the prefix in the metric's name: `seconds`, `bytes`, `ratio`, `total`, ..., else `value`. */
  readonly suffix: string;
  readonly type: MetricType;
  readonly divisor: number;
}

const value: PerfdataUnit = { suffix: "value", type: "gauge", divisor: 1 };

function gauge(suffix: string, divisor = 1): PerfdataUnit {
  return { suffix, type: "gauge", divisor };
}

/** A closed list: a plugin that prints random units makes no new metrics. */
const units: ReadonlyMap<string, PerfdataUnit> = new Map([
  ["s", gauge("seconds")],
  ["B", gauge("bytes")],
  ["%", gauge("ratio", 100)],
  ["c", { suffix: "total", type: "counter", divisor: 1 }],
  ["B/s", gauge("bytes_per_second")],
  ["Bps", gauge("bytes_per_second")],
  ["b/s", gauge("bytes_per_second", 8)],
  ["bps", gauge("bytes_per_second", 8)],
  ["C", gauge("celsius")],
  ["°C", gauge("celsius")],
  ["V", gauge("volts")],
  ["A", gauge("amperes")],
  ["W", gauge("watts")],
  ["J", gauge("joules")],
  ["Hz", gauge("hertz")],
]);

/** The metric a unit of measurement belongs to. The unit is a base unit (toBaseUnit of the plugin API): `s`, not `ms`. */
export function perfdataUnit(unit: string): PerfdataUnit {
  return units.get(unit) ?? value;
}
