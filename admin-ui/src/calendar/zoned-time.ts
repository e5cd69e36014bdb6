const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    weekday: "short",
  });
  formats.set(timeZone, format);
  return format;
}

/** What a wall clock in a zone shows. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** `Mon`. */
  readonly weekday: string;
}

/** What the clock of a zone shows at an instant (ms UTC). A zone the browser does not know is taken for UTC. Pure. */
export function wallClock(atMs: number, timeZone: string): WallClock {
  const parts = Object.fromEntries(
    formatOf(knownZone(timeZone))
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const number = (name: string) => Number(parts[name]);
  return {
    year: number("year"),
    month: number("month"),
    day: number("day"),
    hour: number("hour"),
    minute: number("minute"),
    weekday: parts.weekday ?? "",
  };
}

function knownZone(timeZone: string): string {
  try {
    formatOf(timeZone);
    return timeZone;
  } catch {
    return "UTC";
  }
}

/** By how many minutes a zone's clock is ahead of UTC at an instant. Pure. */
export function offsetMinutes(atMs: number, timeZone: string): number {
  const { year, month, day, hour, minute } = wallClock(atMs, timeZone);
  const minuteMs = Math.floor(atMs / 60_000) * 60_000;
  return Math.round((Date.UTC(year, month - 1, day, hour, minute) - minuteMs) / 60_000);
}

/** The instant at which a zone's clock shows the beginning of a day, `days` after that of `atMs`; the first moment of the day where its midnight is left out. Pure. */
export function startOfDay(atMs: number, timeZone: string, days = 0): number {
  const { year, month, day } = wallClock(atMs, timeZone);
  const midnight = Date.UTC(year, month - 1, day + days);
  // The offset at midnight is that of the place shortly before or after; try what is known until it fits.
  for (const guess of [midnight, midnight - 12 * 3_600_000, midnight + 12 * 3_600_000]) {
    const instant = midnight - offsetMinutes(guess, timeZone) * 60_000;
    if (instant + offsetMinutes(instant, timeZone) * 60_000 === midnight) return instant;
  }
  return midnight - offsetMinutes(midnight - 12 * 3_600_000, timeZone) * 60_000;
}

const pad = (value: number) => String(value).padStart(2, "0");

/** `09:30` on the clock of a zone. Pure. */
export function clockText(atMs: number, timeZone: string): string {
  const { hour, minute } = wallClock(atMs, timeZone);
  return `${pad(hour)}:${pad(minute)}`;
}

/** `Mon 23 Nov` in a zone. Pure. */
export function dayText(atMs: number, timeZone: string): string {
  const { weekday, day, month } = wallClock(atMs, timeZone);
  return `${weekday} ${day} ${months[month - 1] ?? ""}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `UTC+2`, `UTC-3:30`, `UTC`. Pure. */
export function offsetText(atMs: number, timeZone: string): string {
  const minutes = offsetMinutes(atMs, timeZone);
  if (minutes === 0) return "UTC";
  const absolute = Math.abs(minutes);
  const rest = absolute % 60 === 0 ? "" : `:${pad(absolute % 60)}`;
  return `UTC${minutes < 0 ? "-" : "+"}${Math.floor(absolute / 60)}${rest}`;
}
