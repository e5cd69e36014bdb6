import { clockText, dayText, offsetMinutes, offsetText } from "./zoned-time.ts";

/** One time a schedule fires, on the clock of its place. */
export interface OccurrenceRow {
  readonly atMs: number;
  readonly day: string;
  readonly start: string;
  /** `05:00`, with the day where it is another one. */
  readonly end: string;
  readonly offset: string;
  /** What changes of clocks do to it; null when nothing. */
  readonly remark: string | null;
}

/** When a schedule fires, with what a change to summer time or back does to it. `lengthSeconds` 0 is a moment. Pure. */
export function occurrenceRows(
  startsAtMs: readonly number[],
  lengthSeconds: number,
  timeZone: string,
): OccurrenceRow[] {
  return startsAtMs.map((atMs, index) => {
    const endMs = atMs + lengthSeconds * 1000;
    const day = dayText(atMs, timeZone);
    const endDay = dayText(endMs, timeZone);
    const before = startsAtMs[index - 1];
    return {
      atMs,
      day,
      start: clockText(atMs, timeZone),
      end: endDay === day ? clockText(endMs, timeZone) : `${endDay} ${clockText(endMs, timeZone)}`,
      offset: offsetText(atMs, timeZone),
      remark: remarkOf(atMs, endMs, before, timeZone),
    };
  });
}

function remarkOf(atMs: number, endMs: number, beforeMs: number | undefined, timeZone: string): string | null {
  const offset = offsetMinutes(atMs, timeZone);
  if (offsetMinutes(endMs, timeZone) !== offset) return "clocks change while it lasts";
  if (beforeMs !== undefined && offsetMinutes(beforeMs, timeZone) !== offset) {
    return `clocks changed: ${offsetText(beforeMs, timeZone)} before`;
  }
  return null;
}
