import type { TimePeriodInput } from "@mycloud/protocol/time-period";
import { dayMs } from "./calendar-day.ts";
import { type CompiledPeriod, compilePeriod } from "./compile-period.ts";
import { joinStretches, type Stretch, withoutStretches } from "./stretch.ts";

/** Time periods by name, to be asked. Null and names that nobody defined mean always: what is unknown is watched and told. */
export interface TimePeriods {
  /** Whether an instant (ms UTC) is in the period; its first moment is, its end is not. */
  isInside(name: string | null, atMs: number): boolean;
  /** The first instant at or after `atMs` that is in the period: `atMs` itself when it is; null when none is within ten years. */
  nextStart(name: string | null, atMs: number): number | null;
  /** The first instant at or after `atMs` that is not in the period: `atMs` itself when it is not; null when none is within ten years. */
  nextEnd(name: string | null, atMs: number): number | null;
}

const horizonDays = 3_660;
/** Days of UTC remembered for each period; more than a report of a year asks about. */
const rememberedDays = 500;

/**
 * Makes periods that can be asked, quickly and often: the days asked about are remembered. Excludes that lead back to the period itself, which
 * writing refuses, are left out.
 */
export function createTimePeriods(definitions: readonly TimePeriodInput[]): TimePeriods {
  const inputs = new Map(definitions.map((definition) => [definition.name, definition]));
  const calendars = new Map<string, Calendar>();

  function calendarOf(name: string, path: readonly string[]): Calendar | undefined {
    const known = calendars.get(name);
    if (known !== undefined) return known;
    const input = inputs.get(name);
    if (input === undefined || path.includes(name)) return undefined;
    const compiled = compilePeriod(input);
    const excluded = compiled.exclude.flatMap((other) => calendarOf(other, [...path, name]) ?? []);
    const calendar = createCalendar(compiled, excluded);
    calendars.set(name, calendar);
    return calendar;
  }
  const find = (name: string | null) => (name === null ? undefined : calendarOf(name, []));

  return {
    isInside: (name, atMs) => find(name)?.isInside(atMs) ?? true,
    nextStart(name, atMs) {
      const calendar = find(name);
      return calendar === undefined || calendar.isInside(atMs) ? atMs : calendar.nextChange(atMs);
    },
    nextEnd(name, atMs) {
      const calendar = find(name);
      if (calendar === undefined) return null;
      return calendar.isInside(atMs) ? calendar.nextChange(atMs) : atMs;
    },
  };
}

/** One period with its excludes. */
interface Calendar {
  stretchesOf(utcDay: number): readonly Stretch[];
  isInside(atMs: number): boolean;
  /** When what `isInside` says next changes; null when not within ten years. */
  nextChange(atMs: number): number | null;
}

function createCalendar(period: CompiledPeriod, excluded: readonly Calendar[]): Calendar {
  const days = new Map<number, readonly Stretch[]>();
  // Between these nothing changes: many ask about the same moment.
  let steady: { readonly fromMs: number; readonly untilMs: number; readonly changeMs: number | null } | undefined;

  function stretchesOf(utcDay: number): readonly Stretch[] {
    const known = days.get(utcDay);
    if (known !== undefined) return known;
    const own = period.stretchesOf(utcDay);
    const taken = own.length === 0 ? [] : excluded.flatMap((calendar) => calendar.stretchesOf(utcDay));
    const stretches = taken.length === 0 ? own : withoutStretches(own, joinStretches(taken));
    if (days.size >= rememberedDays) days.clear();
    days.set(utcDay, stretches);
    return stretches;
  }

  function isInside(atMs: number): boolean {
    const stretches = stretchesOf(Math.floor(atMs / dayMs));
    return stretches.some(({ startMs, endMs }) => atMs >= startMs && atMs < endMs);
  }

  function findChange(atMs: number): number | null {
    if (!period.canBeInside) return null;
    const wasInside = isInside(atMs);
    const firstDay = Math.floor(atMs / dayMs);
    for (let day = firstDay; day <= firstDay + horizonDays; day++) {
      const change = firstChangeIn(stretchesOf(day), wasInside, Math.max(atMs, day * dayMs), (day + 1) * dayMs);
      if (change !== null) return change;
    }
    return null;
  }

  return {
    stretchesOf,
    isInside,
    nextChange(atMs) {
      if (steady === undefined || atMs < steady.fromMs || atMs >= steady.untilMs) {
        const changeMs = findChange(atMs);
        // Without a change in ten years, one day of them is believed: what lies beyond comes nearer.
        steady = { fromMs: atMs, untilMs: changeMs ?? atMs + dayMs, changeMs };
      }
      return steady.changeMs;
    },
  };
}

/** The first instant from `fromMs` up to `toMs` that is not as `wasInside` says. */
function firstChangeIn(stretches: readonly Stretch[], wasInside: boolean, fromMs: number, toMs: number): number | null {
  if (!wasInside) {
    const next = stretches.find(({ endMs }) => endMs > fromMs);
    return next === undefined ? null : Math.max(next.startMs, fromMs);
  }
  let atMs = fromMs;
  for (const { startMs, endMs } of stretches) {
    if (startMs > atMs) return atMs;
    if (endMs > atMs) atMs = endMs;
  }
  return atMs < toMs ? atMs : null;
}
