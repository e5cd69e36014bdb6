const binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const decimal = ["", "k", "M", "G", "T"];

/** Three significant digits, without an exponent and without trailing zeros. */
function digits(value: number): string {
  const size = Math.abs(value);
  const decimals = size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const text = value.toFixed(decimals);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function scaled(value: number, base: number, names: readonly string[]): [string, string] {
  let step = 0;
  let rest = value;
  while (Math.abs(rest) >= base && step < names.length - 1) {
    rest /= base;
    step++;
  }
  return [digits(rest), names[step] ?? ""];
}

/** Units of time with how many seconds each has and from how many on it is used. */
const times = [
  { name: "d", seconds: 86_400, from: 2 * 86_400 },
  { name: "h", seconds: 3600, from: 2 * 3600 },
  { name: "min", seconds: 60, from: 120 },
  { name: "s", seconds: 1, from: 1 },
  { name: "ms", seconds: 1e-3, from: 1e-3 },
  { name: "µs", seconds: 1e-6, from: 0 },
];

/** Seconds in the unit that suits `like`, which is the value itself or the largest it stands beside. */
function seconds(value: number, like: number): string {
  if (value === 0) return "0 s";
  const unit = times.find(({ from }) => Math.abs(like) >= from);
  return unit === undefined ? "" : `${digits(value / unit.seconds)} ${unit.name}`;
}

/** Writes the ticks of one axis: times in one unit for all, other values each as people read it. */
export function formatTicks(ticks: readonly number[], unit: string): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  return ticks.map((tick) => (unit === "s" ? seconds(tick, largest) : formatValue(tick, unit)));
}

/** Writes a perfdata value for people: base units in (`s`, `B`, `%`, `c` or any other unit), `12.5 ms`, `3.4 GiB`, `87%`, `1.2M` out. */
export function formatValue(value: number, unit: string): string {
  if (!Number.isFinite(value)) return "unknown";
  if (unit === "s") return seconds(value, value);
  if (unit === "B") {
    const [text, name] = scaled(value, 1024, binary);
    return `${text} ${name}`;
  }
  if (unit === "%") return `${digits(value)}%`;
  const [text, name] = Math.abs(value) < 10_000 ? [digits(value), ""] : scaled(value, 1000, decimal);
  return unit === "" || unit === "c" ? `${text}${name}` : `${text}${name} ${unit}`;
}
