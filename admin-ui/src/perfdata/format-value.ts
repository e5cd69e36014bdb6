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

function seconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0 s";
  if (size < 0.001) return `${digits(value * 1e6)} µs`;
  if (size < 1) return `${digits(value * 1e3)} ms`;
  if (size < 600) return `${digits(value)} s`;
  if (size < 86_400) return `${digits(value / 3600)} h`;
  return `${digits(value / 86_400)} d`;
}

/** Writes a perfdata value for people: base units in (`s`, `B`, `%`, `c` or any other unit), `12.5 ms`, `3.4 GiB`, `87%`, `1.2M` out. */
export function formatValue(value: number, unit: string): string {
  if (!Number.isFinite(value)) return "unknown";
  if (unit === "s") return seconds(value);
  if (unit === "B") {
    const [text, name] = scaled(value, 1024, binary);
    return `${text} ${name}`;
  }
  if (unit === "%") return `${digits(value)}%`;
  const [text, name] = Math.abs(value) < 10_000 ? [digits(value), ""] : scaled(value, 1000, decimal);
  return unit === "" || unit === "c" ? `${text}${name}` : `${text}${name} ${unit}`;
}
