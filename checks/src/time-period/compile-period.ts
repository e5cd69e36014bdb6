import {
  type DateRange,
  dateRangeKinds,
  parseDateRange,
  type TimePeriodInput,
  weekdays,
} from "@mycloud/protocol/time-period";
import { dayMs, weekdayOfDay } from "./calendar-day.ts";
import { coversDay } from "./covers-day.ts";
import { joinStretches, type Stretch } from "./stretch.ts";
import { createZoneClock, type ZoneOffset } from "./zone-clock.ts";

/** Times of a day in ms of its wall clock; the end of one that reaches into the next day is beyond 24 h. */
interface WallTimes {
  readonly startMs: number;
  readonly endMs: number;
}

/** A period ready to be asked, its excludes left aside. */
export interface CompiledPeriod {
  readonly exclude: readonly string[];
  /** The stretches of a day of UTC (counted from 1970-01-01) that are in the period, in order. */
  stretchesOf(utcDay: number): Stretch[];
  /** False when no day of any week or calendar has a time. */
  readonly canBeInside: boolean;
}

/** Compiles a period. What the wall clock of its zone shows decides: an hour that a zone skips never comes, one that it repeats counts twice. */
export function compilePeriod(definition: TimePeriodInput): CompiledPeriod {
  const weekly = weekdays.map((day) => (definition.weekly[day] ?? []).flatMap(wallTimesOf));
  const exceptions = definition.exceptions
    .flatMap(({ days, times }) => {
      const range = parseDateRange(days);
      return range === null ? [] : { range, times: times.flatMap(wallTimesOf) };
    })
    // Stable: among equally precise ones the first decides.
    .sort((a, b) => precision(a.range) - precision(b.range));
  const offsetAt = createZoneClock(definition.timeZone);

  function timesOf(day: number): readonly WallTimes[] {
    const exception = exceptions.find(({ range }) => coversDay(range, day));
    return exception?.times ?? weekly[weekdayOfDay(day)] ?? [];
  }

  return {
    exclude: definition.exclude,
    canBeInside: weekly.some((times) => times.length > 0) || exceptions.some(({ times }) => times.length > 0),
    stretchesOf: (utcDay) => joinStretches(stretchesBetween(utcDay * dayMs, (utcDay + 1) * dayMs, offsetAt, timesOf)),
  };
}

function stretchesBetween(
  fromMs: number,
  toMs: number,
  offsetAt: (atMs: number) => ZoneOffset,
  timesOf: (day: number) => readonly WallTimes[],
): Stretch[] {
  const stretches: Stretch[] = [];
  for (let atMs = fromMs; atMs < toMs; ) {
    const { offsetMs, untilMs } = offsetAt(atMs);
    const endMs = Math.min(untilMs, toMs);
    // From the day before: its times may reach over midnight.
    const firstDay = Math.floor((atMs + offsetMs) / dayMs) - 1;
    const lastDay = Math.floor((endMs - 1 + offsetMs) / dayMs);
    for (let day = firstDay; day <= lastDay; day++) {
      for (const times of timesOf(day)) {
        const stretch = {
          startMs: Math.max(atMs, day * dayMs + times.startMs - offsetMs),
          endMs: Math.min(endMs, day * dayMs + times.endMs - offsetMs),
        };
        if (stretch.startMs < stretch.endMs) stretches.push(stretch);
      }
    }
    atMs = endMs;
  }
  return stretches;
}

function wallTimesOf(text: string): WallTimes[] {
  const [start = 0, end = 0] = text.split("-").map((time) => {
    const [hours = 0, minutes = 0] = time.split(":").map(Number);
    return (hours * 60 + minutes) * 60_000;
  });
  if (start === end) return [];
  return [{ startMs: start, endMs: end < start ? end + dayMs : end }];
}

function precision({ kind }: DateRange): number {
  return dateRangeKinds.indexOf(kind);
}
