/** Reads a time; `readAtUs` tells the year where the text does not. Microseconds since 1970, UTC; null for what is no time. */
export type ReadTime = (text: string, readAtUs: number) => number | null;

type Part =
  | "year"
  | "shortYear"
  | "month"
  | "monthName"
  | "day"
  | "hour"
  | "halfHour"
  | "half"
  | "minute"
  | "second"
  | "fraction"
  | "zone"
  | "unix"
  | "ignored";

const monthNames = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";
const dayMs = 86_400_000;

/** What strftime's letters stand for: a pattern, and what it finds. */
const letters: Readonly<Record<string, readonly [source: string, part: Part]>> = {
  Y: ["\\d{4}", "year"],
  y: ["\\d{2}", "shortYear"],
  m: ["\\d{1,2}", "month"],
  b: [`(?:${monthNames})`, "monthName"],
  h: [`(?:${monthNames})`, "monthName"],
  B: [`(?:${monthNames})[a-z]*`, "monthName"],
  d: [" ?\\d{1,2}", "day"],
  e: [" ?\\d{1,2}", "day"],
  H: ["\\d{1,2}", "hour"],
  k: [" ?\\d{1,2}", "hour"],
  I: ["\\d{1,2}", "halfHour"],
  l: [" ?\\d{1,2}", "halfHour"],
  p: ["[ap]\\.?m\\.?", "half"],
  M: ["\\d{2}", "minute"],
  S: ["\\d{2}", "second"],
  f: ["\\d{1,9}", "fraction"],
  N: ["\\d{1,9}", "fraction"],
  L: ["\\d{1,9}", "fraction"],
  z: ["(?:Z|[+-]\\d{2}:?\\d{2})", "zone"],
  Z: ["[A-Za-z]{1,5}", "zone"],
  s: ["\\d{1,12}", "unix"],
  a: ["[a-z]{2,4}", "ignored"],
  A: ["[a-z]{3,10}", "ignored"],
};

const abbreviations: Readonly<Record<string, string>> = { T: "%H:%M:%S", F: "%Y-%m-%d", D: "%m/%d/%y", R: "%H:%M" };

/**
 * Compiles a pattern of strftime's letters: `%Y-%m-%d %H:%M:%S.%f %z`. A time without a zone is in that of `toUtcMs`; one without a year is of the year in which it
 * is nearest to when it was read, so that December is not read into the future in January. Throws RangeError for letters that nothing is known of.
 */
export function compileTimeFormat(format: string, toUtcMs: (localMs: number) => number): ReadTime {
  const parts: Part[] = [];
  let source = "";
  const written = format.replace(/%([TFDR])/gu, (_, letter: string) => abbreviations[letter] ?? "");
  for (const [token] of written.matchAll(/%.|\s+|./gsu)) {
    if (token === "%%") source += "%";
    else if (token.startsWith("%")) {
      const known = letters[token.slice(1)];
      if (known === undefined) throw new RangeError(`time format ${format}: nothing is known of ${token}`);
      source += `(${known[0]})`;
      parts.push(known[1]);
    } else source += /\s/.test(token) ? "\\s+" : token.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
  }
  const pattern = new RegExp(`^\\s*${source}`, "iu");
  return (text, readAtUs) => {
    const match = pattern.exec(text);
    if (match === null) return null;
    const found: Partial<Record<Part, string>> = {};
    for (const [index, part] of parts.entries()) found[part] = match[index + 1] ?? "";
    return timeOf(found, readAtUs, toUtcMs);
  };
}

function timeOf(
  found: Partial<Record<Part, string>>,
  readAtUs: number,
  toUtcMs: (localMs: number) => number,
): number | null {
  const fractionUs = Number((found.fraction ?? "").slice(0, 6).padEnd(6, "0"));
  if (found.unix !== undefined) return Number(found.unix) * 1_000_000 + fractionUs;
  const zoneMs = offsetOf(found.zone);
  const inYear = (year: number): number | null => {
    const localMs = civilMs(found, year);
    if (localMs === null) return null;
    return zoneMs === null ? toUtcMs(localMs) : localMs - zoneMs;
  };
  const year = yearOf(found);
  const readAtMs = readAtUs / 1000;
  const thisYear = new Date(readAtMs).getUTCFullYear();
  let ms = inYear(year ?? thisYear);
  if (year === null) {
    // 31 December read in January, and, where clocks or zones differ, 1 January read in December.
    if (ms === null || ms > readAtMs + dayMs) ms = inYear(thisYear - 1);
    else if (ms < readAtMs - 364 * dayMs) ms = inYear(thisYear + 1);
  }
  return ms === null ? null : ms * 1000 + fractionUs;
}

function yearOf({ year, shortYear }: Partial<Record<Part, string>>): number | null {
  if (year !== undefined) return Number(year);
  if (shortYear === undefined) return null;
  // As POSIX has it: 69 to 99 are of the last century.
  return Number(shortYear) + (Number(shortYear) >= 69 ? 1900 : 2000);
}

function civilMs(found: Partial<Record<Part, string>>, year: number): number | null {
  const month =
    found.monthName === undefined
      ? Number(found.month ?? 1) - 1
      : monthNames.split("|").indexOf(found.monthName.slice(0, 3).toLowerCase());
  const day = Number(found.day ?? 1);
  const isAfternoon = /^p/iu.test(found.half ?? "");
  const hour =
    found.halfHour === undefined ? Number(found.hour ?? 0) : (Number(found.halfHour) % 12) + (isAfternoon ? 12 : 0);
  const [minute, second] = [Number(found.minute ?? 0), Number(found.second ?? 0)];
  if (hour > 23 || minute > 59 || second > 60) return null;
  const ms = Date.UTC(year, month, day, hour, minute, second);
  const date = new Date(Date.UTC(year, month, day));
  return date.getUTCMonth() === month && date.getUTCDate() === day ? ms : null;
}

/** Milliseconds ahead of UTC; null where the zone says nothing that is known. */
function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  if (/^(?:Z|UTC|GMT)$/iu.test(zone)) return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return null;
  const [, sign, hours, minutes] = match;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
