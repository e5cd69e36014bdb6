const binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const decimal = ["", "k", "M", "G", "T"];

/** Three significant digits and so many `more`, without an exponent and without trailing zeros. */
function digits(value: number, more: number): string {
  const size = Math.abs(value);
  const decimals = (size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3) + more;
  const text = value.toFixed(decimals);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function scaled(value: number, base: number, names: readonly string[], more: number): [string, string] {
  let step = 0;
  let rest = value;
  while (Math.abs(rest) >= base && step < names.length - 1) {
    rest /= base;
    step++;
  }
  return [digits(rest, more), names[step] ?? ""];
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
function seconds(value: number, like: number, more: number): string {
  if (value === 0) return "0 s";
  const unit = times.find(({ from }) => Math.abs(like) >= from);
  return unit === undefined ? "" : `${digits(value / unit.seconds, more)} ${unit.name}`;
}

/** More digits than three and these tell nobody anything. */
const mostMore = 4;

/** Writes the ticks of one axis: times in one unit for all, other values each as people read it, with as many digits as tell them apart. */
export function formatTicks(ticks: readonly number[], unit: string): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  for (let more = 0; ; more++) {
    const texts = ticks.map((tick) => (unit === "s" ? seconds(tick, largest, more) : format(tick, unit, more)));
    if (more === mostMore || new Set(texts).size === new Set(ticks).size) return texts;
  }
}

/** Writes a perfdata value for people: base units in (`s`, `B`, `%`, `c` or any other unit), `12.5 ms`, `3.4 GiB`, `87%`, `1.2M` out. */
export function formatValue(value: number, unit: string): string {
  return format(value, unit, 0);
}

function format(value: number, unit: string, more: number): string {
  if (!Number.isFinite(value)) return "unknown";
  if (unit === "s") return seconds(value, value, more);
  if (unit === "B") {
    const [text, name] = scaled(value, 1024, binary, more);
    return `${text} ${name}`;
  }
  if (unit === "%") return `${digits(value, more)}%`;
  const [text, name] = Math.abs(value) < 10_000 ? [digits(value, more), ""] : scaled(value, 1000, decimal, more);
  return unit === "" || unit === "c" ? `${text}${name}` : `${text}${name} ${unit}`;
}
