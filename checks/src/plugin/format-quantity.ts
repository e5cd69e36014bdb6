const BINARY_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Bytes for people: `1.2 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let power = 0;
  while (Math.abs(value) >= 1024 && power < BINARY_UNITS.length - 1) {
    value /= 1024;
    power += 1;
  }
  return `${power === 0 || value >= 100 ? Math.round(value) : rounded(value, 1)} ${BINARY_UNITS[power]}`;
}

const DECIMAL_UNITS = ["", "k", "M", "G", "T"];

/** Bits per second for people, in powers of 1000 as links are sold: `94.1 Mbit/s`. */
export function formatBitRate(bitsPerSecond: number): string {
  let value = bitsPerSecond;
  let power = 0;
  while (value >= 1000 && power < DECIMAL_UNITS.length - 1) {
    value /= 1000;
    power += 1;
  }
  return `${value >= 100 || power === 0 ? Math.round(value) : rounded(value, 1)} ${DECIMAL_UNITS[power]}bit/s`;
}

/** A length of time for people, in its two largest units: `3 d 4 h`, `12 min 5 s`, `40 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor((whole % 86_400) / 3_600), "h"],
    [Math.floor((whole % 3_600) / 60), "min"],
    [whole % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** A number cut to some decimals, without trailing zeros: perfdata and text stay short. */
export function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}

/** `1 process`, `2 processes`: counts in sentences. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
