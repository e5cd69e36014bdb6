import { isOutOfRange, type Perfdatum, parsePerfdata, parseRange, type Range } from "@mycloud/checks/plugin-api";

/**
 * Says in words which thresholds a result's perfdata crosses, the critical one first where both are: `load1 is 9.2, above the critical 8`.
 * Empty when none is, or when the plugin reports no thresholds. At most `limit` sentences. Pure.
 */
export function thresholdsInWords(perfdata: string, limit = 20): string[] {
  const sentences: string[] = [];
  for (const item of parsePerfdata(perfdata).perfdata) {
    if (sentences.length === limit) break;
    const sentence = crossedThreshold(item);
    if (sentence !== undefined) sentences.push(sentence);
  }
  return sentences;
}

function crossedThreshold(item: Perfdatum): string | undefined {
  if (item.value === null) return undefined;
  for (const [severity, text] of [
    ["critical", item.crit],
    ["warning", item.warn],
  ] as const) {
    if (text === undefined) continue;
    const parsed = parseRange(text);
    if (parsed.ok && isOutOfRange(parsed.range, item.value)) {
      return `${item.label} is ${measured(item.value, item.unit)}, ${crossing(parsed.range, item, severity)}`;
    }
  }
  return undefined;
}

function crossing(range: Range, item: Perfdatum, severity: string): string {
  const bound = (value: number) => measured(value, item.unit);
  if (range.isInside) {
    if (range.start === -Infinity) return `at or below the ${severity} ${bound(range.end)}`;
    if (range.end === Infinity) return `at or above the ${severity} ${bound(range.start)}`;
    return `inside the ${severity} range ${bound(range.start)} to ${bound(range.end)}`;
  }
  return (item.value ?? 0) > range.end
    ? `above the ${severity} ${bound(range.end)}`
    : `below the ${severity} ${bound(range.start)}`;
}

function measured(value: number, unit: string): string {
  return unit === "B" ? readableBytes(value) : `${value}${unit === "c" ? "" : unit}`;
}

/** Bytes as people read them, in powers of 1024: 49258954752 is 45.9 GiB. */
function readableBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(value >= 1000 ? 4 : 3))} ${units[unit]}`;
}
