/** A value in a unit of measurement. */
export interface Measurement {
  value: number;
  unit: string;
}

/**
 * Factors to seconds and bytes. KB, MB, ... are powers of 1024 because that is what monitoring-plugins mean by them
 * (`check_disk` prints MiB as MB, `check_swap` too).
 */
const BASE_UNITS: ReadonlyMap<string, { unit: string; factor: number; isDivided?: boolean }> = new Map([
  ["ms", { unit: "s", factor: 1e3, isDivided: true }],
  ["us", { unit: "s", factor: 1e6, isDivided: true }],
  ["µs", { unit: "s", factor: 1e6, isDivided: true }],
  ["μs", { unit: "s", factor: 1e6, isDivided: true }],
  ["ns", { unit: "s", factor: 1e9, isDivided: true }],
  ["kB", { unit: "B", factor: 1024 }],
  ...["K", "M", "G", "T", "P"].flatMap((prefix, power) => {
    const base = { unit: "B", factor: 1024 ** (power + 1) };
    return [
      [`${prefix}B`, base],
      [`${prefix}iB`, base],
    ] as const;
  }),
]);

/**
 * Brings a perfdata value to the base unit metrics are stored in: seconds and bytes.
 * `%`, `c`, no unit and units it does not know stay as they are.
 */
export function toBaseUnit(value: number, unit: string): Measurement {
  const base = BASE_UNITS.get(unit);
  if (base === undefined) return { value, unit };
  // Dividing keeps short decimals short: 377 / 1000 is 0.377, 377 * 0.001 is 0.377000...05.
  return { value: base.isDivided ? value / base.factor : value * base.factor, unit: base.unit };
}

/**
 * Brings a threshold range to the base unit of its value: `250` of milliseconds is `0.25`, `@10:20` of kilobytes `@10240:20480`. What is no range stays as
 * it is. Pure.
 */
export function rangeToBaseUnit(range: string, unit: string): string {
  if (!BASE_UNITS.has(unit)) return range;
  return range.replace(/[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g, (number) =>
    String(toBaseUnit(Number(number), unit).value),
  );
}
