import { parseDurationMs } from "../command-line/index.ts";

/** What a word for a snapshot asks for: by id, the nth newest, or the newest that is not after a time (milliseconds since 1970). */
export type SnapshotWord =
  | { readonly kind: "id"; readonly beginning: string }
  | { readonly kind: "latest"; readonly back: number }
  | { readonly kind: "time"; readonly atMs: number };

const clockTime = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/**
 * Reads a word for a snapshot: `1a2b3c4d` (four digits or more), `latest`, `latest~2`, `2026-11-22`, `2026-11-22T20:15[:30][Z]`, `20:15`, `today`,
 * `yesterday`, `monday`, these with a time behind (`yesterday 20:15`), `3d ago`. A day without a time is its end. Times are this machine's.
 * Undefined when it is none of these. Pure but for the time zone.
 */
export function parseSnapshotWord(text: string, nowMs: number): SnapshotWord | undefined {
  const word = text.trim().toLowerCase();
  const latest = /^latest(?:~(\d{1,6})?)?$/.exec(word);
  if (latest !== null) return { kind: "latest", back: word === "latest" ? 0 : Number(latest[1] ?? 1) };
  const atMs = parseTime(word, nowMs);
  if (atMs !== undefined) return { kind: "time", atMs };
  return /^[0-9a-f]{4,64}$/.test(word) ? { kind: "id", beginning: word } : undefined;
}

function parseTime(word: string, nowMs: number): number | undefined {
  if (word === "now") return nowMs;
  const ago = /^(.+) ago$/.exec(word)?.[1];
  if (ago !== undefined) {
    const durationMs = parseDurationMs(ago.replaceAll(" ", ""));
    return durationMs === undefined ? undefined : nowMs - durationMs;
  }
  const [, day = "", time] = /^(\d{4}-\d{2}-\d{2}|[a-z]+)(?:[t ](.+))?$/.exec(word) ?? [];
  if (day === "") return clockTime.test(word) ? onDay(startOfDay(nowMs, 0), word) : undefined;
  if (time !== undefined && /(z|[+-]\d{2}:?\d{2})$/.test(time)) {
    const atMs = Date.parse(`${day}T${time.toUpperCase()}`);
    return Number.isNaN(atMs) ? undefined : atMs;
  }
  const date = dayNamed(day, nowMs);
  return date === undefined ? undefined : onDay(date, time);
}

/** The end of that day, or a time of it. */
function onDay(day: Date, time: string | undefined): number | undefined {
  const [year, month, date] = [day.getFullYear(), day.getMonth(), day.getDate()] as const;
  if (time === undefined) return new Date(year, month, date + 1).getTime() - 1;
  const [, hours, minutes, seconds] = clockTime.exec(time) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return undefined;
  // Without seconds the whole minute counts: that is what `mycloud log` shows.
  const isWhole = seconds === undefined;
  return new Date(year, month, date, Number(hours), Number(minutes), isWhole ? 59 : Number(seconds), 999).getTime();
}

function dayNamed(name: string, nowMs: number): Date | undefined {
  if (name === "today") return startOfDay(nowMs, 0);
  if (name === "yesterday") return startOfDay(nowMs, -1);
  const weekday = weekdays.indexOf(name);
  // The last one before today.
  if (weekday >= 0) return startOfDay(nowMs, -((new Date(nowMs).getDay() - weekday + 7) % 7 || 7));
  const [year, month, date] = name.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const day = new Date(year, month - 1, date);
  return day.getMonth() === month - 1 && day.getDate() === date ? day : undefined;
}

function startOfDay(nowMs: number, days: number): Date {
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
}
