import { parseDecimal } from "./decimal.ts";

/**
 * A threshold range, `[@][start:][end]` in the Monitoring Plugins guidelines. A value alerts when it lies outside
 * start..end, both included; with `isInside` (written `@`) when it lies within. A missing bound is ±Infinity.
 */
export interface Range {
  start: number;
  end: number;
  isInside: boolean;
}

export type ParsedRange = { ok: true; range: Range } | { ok: false; error: string };

/** The range of a threshold that was left empty: no value alerts. */
export const NO_THRESHOLD: Readonly<Range> = Object.freeze({ start: -Infinity, end: Infinity, isInside: false });

/**
 * Reads a threshold as it is given to `-w` and `-c`; empty text is a threshold that never alerts.
 *
 * Agrees with monitoring-plugins on every range they define. They read what is not a number as 0 (`abc` is `0:0`,
 * `1,5` is `0:1`); a mistyped threshold that silently means something else is refused here.
 *
 *     parseRange("10:20")  // { ok: true, range: { start: 10, end: 20, isInside: false } }
 *     parseRange("20:10")  // { ok: false, error: 'Range format incorrect: "20:10" starts above its end' }
 */
export function parseRange(text: string): ParsedRange {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: true, range: { ...NO_THRESHOLD } };
  const isInside = trimmed.startsWith("@");
  const bounds = isInside ? trimmed.slice(1) : trimmed;
  if (bounds === "") return refuse(text, "has no bound after @");

  const colon = bounds.indexOf(":");
  const start = colon === -1 ? 0 : parseStart(bounds.slice(0, colon));
  const end = parseEnd(bounds.slice(colon + 1));
  if (start === undefined || end === undefined) {
    return refuse(text, "is not [@][start:][end] with numbers, e.g. 10, 10:, ~:10, 10:20 or @10:20");
  }
  // A lone negative number lands here too: `-5` means 0:-5. Its writer nearly always wants `-5:` or `~:-5`.
  if (start > end)
    return refuse(text, colon === -1 ? `means 0:${bounds}, which starts above its end` : "starts above its end");
  return { ok: true, range: { start, end, isInside } };
}

function parseStart(text: string): number | undefined {
  if (text === "~") return -Infinity;
  return text === "" ? 0 : parseDecimal(text);
}

function parseEnd(text: string): number | undefined {
  return text === "" ? Infinity : parseDecimal(text);
}

function refuse(text: string, why: string): ParsedRange {
  const seen = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  return { ok: false, error: `Range format incorrect: "${seen}" ${why}` };
}

/** Whether a value alerts under this range; NaN never does. */
export function isOutOfRange(range: Range, value: number): boolean {
  if (Number.isNaN(value)) return false;
  const isWithin = value >= range.start && value <= range.end;
  return isWithin === range.isInside;
}

/** Writes a range in its shortest form, which `parseRange` reads back as the same range; empty for one that never alerts. */
export function formatRange(range: Range): string {
  if (!range.isInside && range.start === -Infinity && range.end === Infinity) return "";
  const end = range.end === Infinity ? "" : String(range.end);
  const prefix = range.isInside ? "@" : "";
  if (range.start === -Infinity) return `${prefix}~:${end}`;
  return range.start === 0 && end !== "" ? `${prefix}${end}` : `${prefix}${range.start}:${end}`;
}
