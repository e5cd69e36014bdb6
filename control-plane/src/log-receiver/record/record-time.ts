import { readIsoTime } from "@mycloud/protocol/syslog";

const names = ["time", "timestamp", "@timestamp", "ts", "_time", "date"] as const;

/**
 * The time of a line of JSON, under the names that are usual: a text of ISO 8601 (UTC when it has no zone), or a number since 1970 in seconds,
 * milliseconds, microseconds or nanoseconds, told apart by its size. Null when there is none, with the name it was under. Pure.
 */
export function recordTime(map: {
  readonly [key: string]: unknown;
}): { readonly timeUs: number; readonly name: string } | null {
  for (const name of names) {
    const value = map[name];
    const timeUs = typeof value === "number" ? fromNumber(value) : typeof value === "string" ? fromText(value) : null;
    if (timeUs !== null) return { timeUs, name };
  }
  return null;
}

function fromText(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d{9,19}(\.\d{1,9})?$/.test(trimmed)) return fromNumber(Number(trimmed));
  return readIsoTime(trimmed, (localMs) => localMs);
}

function fromNumber(value: number): number | null {
  if (!(value > 0)) return null;
  // Seconds until the year 5138 are less than milliseconds since 1973.
  // Rounded: 1795435200.123 as a number is a little less, and times of nanoseconds are up to 128 off.
  if (value < 1e11) return Math.round(value * 1e6);
  if (value < 1e14) return Math.round(value * 1e3);
  if (value < 1e17) return Math.round(value);
  return value < 1e20 ? Math.round(value / 1e3) : null;
}
