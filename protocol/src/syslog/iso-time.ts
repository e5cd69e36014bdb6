/**
 * RFC 3339's time as RFC 5424 §6.2.3 takes it, in microseconds since 1970: at most nine digits of a second, what is finer than a microsecond cut off.
 * Without a zone it is in that of `toUtcMs`, if there is one. Null for what is no time: the 30th of February, a 24th hour, a leap second. Pure.
 */
export function readIsoTime(text: string, toUtcMs?: (localMs: number) => number): number | null {
  const second = readDateAndTime(text);
  if (second === null) return null;
  let at = 19;
  let fractionUs = 0;
  const mark = text.charCodeAt(at);
  // Some write a comma, as ISO 8601 allows.
  if (mark === 0x2e || mark === 0x2c) {
    const start = at + 1;
    at = start;
    for (let unit = 100_000; at < text.length; at += 1, unit /= 10) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) break;
      if (unit >= 1) fractionUs += digit * unit;
    }
    if (at === start || at > start + 9) return null;
  }
  const offset = readOffset(text, at);
  if (offset === null) return null;
  if (offset !== "none") return (second - offset * 60) * 1_000_000 + fractionUs;
  return toUtcMs === undefined ? null : toUtcMs(second * 1000) * 1000 + fractionUs;
}

/** Seconds since 1970 of what is written, as if it was UTC. */
function readDateAndTime(text: string): number | null {
  if (text.length < 19 || text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return null;
  const separator = text.charCodeAt(10);
  if ((separator !== 0x54 && separator !== 0x20) || text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) {
    return null;
  }
  const year = digitsAt(text, 0, 4);
  return secondOf({
    year,
    month: digitsAt(text, 5, 2),
    day: digitsAt(text, 8, 2),
    hour: digitsAt(text, 11, 2),
    minute: digitsAt(text, 14, 2),
    second: digitsAt(text, 17, 2),
  });
}

export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const daysOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Seconds since 1970 as if it was UTC; null when there is no such time. Pure. */
export function secondOf({ year, month, day, hour, minute, second }: CivilTime): number | null {
  const days = daysOfMonths[month - 1];
  // A comparison with NaN, of what had no digits, is false.
  const isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  if (days === undefined || !(day >= 1 && day <= days) || !isTime || !(year >= 1000)) return null;
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

/** A number of so many digits, NaN when others are among them. */
export function digitsAt(text: string, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Minutes east of UTC. `+0100` is taken too: many write it so. */
function readOffset(text: string, at: number): number | "none" | null {
  const mark = text.charCodeAt(at);
  if (at === text.length) return "none";
  if (mark === 0x5a) return at + 1 === text.length ? 0 : null;
  if (mark !== 0x2b && mark !== 0x2d) return null;
  const hasColon = text.charCodeAt(at + 3) === 0x3a;
  const hours = digitsAt(text, at + 1, 2);
  const minutes = digitsAt(text, at + (hasColon ? 4 : 3), 2);
  if (!(hours < 24 && minutes < 60) || text.length !== at + (hasColon ? 6 : 5)) return null;
  return (hours * 60 + minutes) * (mark === 0x2d ? -1 : 1);
}
