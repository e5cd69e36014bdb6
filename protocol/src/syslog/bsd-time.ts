import { digitsAt, readIsoTime, secondOf } from "./iso-time.ts";

/** What a time without year and zone is understood by. */
export interface TimeContext {
  readonly receivedAtMs: number;
  /** The zone such times are in: what a clock on the wall shows there, as if it was UTC, to milliseconds since 1970. */
  readonly toUtcMs: (localMs: number) => number;
}

export interface FoundTime {
  readonly timeUs: number;
  /** Where what follows begins. */
  readonly end: number;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const monthNumbers: ReadonlyMap<string, number> = new Map(months.map((name, index) => [name, index + 1]));

const dayMs = 86_400_000;

/**
 * Reads the time at the beginning of a message of RFC 3164: `Oct 11 22:14:15`, and what devices make of it: a year after the day or the time (Cisco ASA),
 * parts of a second, `UTC`, a `*` or `.` before it (a clock that is not set), or a time of ISO 8601. Null when there is none. Pure.
 */
export function readBsdTime(text: string, context: TimeContext): FoundTime | null {
  const first = text.charCodeAt(0);
  if (first >= 0x30 && first <= 0x39) return readIsoAtStart(text, context);
  const start = first === 0x2a || first === 0x2e ? 1 : 0;
  const month = monthNumbers.get(text.slice(start, start + 3));
  if (month === undefined || text.charCodeAt(start + 3) !== 0x20) return null;
  let at = start + 4;
  // The day is padded by a space, by a zero, or not at all.
  if (text.charCodeAt(at) === 0x20) at += 1;
  const dayDigits = text.charCodeAt(at + 1) === 0x20 ? 1 : 2;
  const day = digitsAt(text, at, dayDigits);
  at += dayDigits;
  if (text.charCodeAt(at) !== 0x20) return null;
  at += 1;
  const yearBefore = text.charCodeAt(at + 4) === 0x20 ? digitsAt(text, at, 4) : Number.NaN;
  if (yearBefore >= 1970) at += 5;
  if (text.charCodeAt(at + 2) !== 0x3a || text.charCodeAt(at + 5) !== 0x3a) return null;
  const clock = { hour: digitsAt(text, at, 2), minute: digitsAt(text, at + 3, 2), second: digitsAt(text, at + 6, 2) };
  at += 8;
  const fraction = /^[.,](\d{1,9})/.exec(text.slice(at, at + 10));
  if (fraction !== null) at += fraction[0].length;
  const yearAfter = yearBefore >= 1970 ? null : /^ ((?:19|20)\d\d)(?=[ :])/.exec(text.slice(at, at + 6));
  if (yearAfter !== null) at += yearAfter[0].length;
  const isUtc = /^ (?:UTC|GMT|Z)(?=[ :])/.exec(text.slice(at, at + 5));
  if (isUtc !== null) at += isUtc[0].length;
  const toUtcMs = isUtc === null ? context.toUtcMs : (localMs: number) => localMs;
  const year = yearBefore >= 1970 ? yearBefore : Number(yearAfter?.[1] ?? Number.NaN);
  const ms = Number.isNaN(year)
    ? withoutYear({ month, day, ...clock }, { ...context, toUtcMs })
    : inUtc({ year, month, day, ...clock }, toUtcMs);
  if (ms === null || at > text.length) return null;
  const us = Math.floor(Number(`0.${fraction?.[1] ?? 0}`) * 1_000_000);
  return { timeUs: ms * 1000 + us, end: at };
}

function readIsoAtStart(text: string, { toUtcMs }: TimeContext): FoundTime | null {
  // With a space between date and time, the first space is not the end.
  const isSpaced = text.charCodeAt(10) === 0x20 && text.charCodeAt(13) === 0x3a;
  const space = text.indexOf(" ", isSpaced ? 11 : 0);
  const end = space === -1 ? text.length : space;
  if (end > 40) return null;
  const written = text.slice(0, end).replace(/:$/, "");
  const timeUs = readIsoTime(written, toUtcMs);
  return timeUs === null ? null : { timeUs, end: written.length };
}

type WithoutYear = Omit<Parameters<typeof secondOf>[0], "year">;

/** The last such time that is not past the day after it was received: December's, that comes in January, is of the year before. */
function withoutYear(time: WithoutYear, { receivedAtMs, toUtcMs }: TimeContext): number | null {
  const thisYear = new Date(receivedAtMs).getUTCFullYear();
  // The 29th of February may be up to eight years ago.
  for (let year = thisYear + 1; year >= thisYear - 8; year -= 1) {
    const ms = inUtc({ ...time, year }, toUtcMs);
    if (ms !== null && ms <= receivedAtMs + dayMs) return ms;
  }
  return null;
}

function inUtc(time: WithoutYear & { readonly year: number }, toUtcMs: (localMs: number) => number): number | null {
  const second = secondOf(time);
  return second === null ? null : toUtcMs(second * 1000);
}

/** `Nov  3 07:08:09`, as it is in a zone that is `toLocalMs` away from UTC. Pure. */
export function formatBsdTime(localMs: number): string {
  const date = new Date(localMs);
  const day = String(date.getUTCDate()).padStart(2, " ");
  return `${months[date.getUTCMonth()] ?? "Jan"} ${day} ${date.toISOString().slice(11, 19)}`;
}
