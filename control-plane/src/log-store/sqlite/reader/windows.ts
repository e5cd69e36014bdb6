import { slotsPerMicrosecond } from "../../record-id.ts";
import type { DayReader } from "./day-reader.ts";
import type { DayPlan } from "./plan-day.ts";

/** Rows of a day, `from` in it, `to` not. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export const rowsPerMinute = 60_000_000 * slotsPerMicrosecond;

/** Records that the first look of a search is at. */
const firstRecords = 5_000;
/** How long one statement is to take, which cannot be interrupted: by this the next one is about more records, or fewer. */
const statementMs = 25;
const mostGrowth = 8;

/**
 * Cuts a range into pieces for one statement each, in the order they are to be searched. Minutes in which nothing can match, by the counters of streams
 * and severities, are left out. `now` tells milliseconds.
 */
export function* windowsOf(
  reader: DayReader,
  plan: DayPlan & { readonly hours: ReadonlySet<number> | null },
  range: RowRange,
  order: "newest" | "oldest",
  now: () => number,
): Generator<RowRange> {
  if (range.from >= range.to) return;
  // Counters are written in the same transaction as records: what comes while this runs is behind, and found by the next question.
  const { hours } = plan;
  const counted = countMinutes(reader, plan, range);
  const minutes = hours === null ? counted : counted.filter(([minute]) => hours.has(Math.floor(minute / 60)));
  if (order === "newest") minutes.reverse();
  const [first] = minutes;
  const last = minutes.at(-1);
  if (plan.hasPrefix && first !== undefined && last !== undefined) {
    const from = Math.min(first[0], last[0]) * rowsPerMinute;
    yield clipped({ from, to: (Math.max(first[0], last[0]) + 1) * rowsPerMinute }, range);
    return;
  }
  let atMost = firstRecords;
  let window: { from: number; to: number; records: number } | null = null;
  for (const [minute, count] of minutes) {
    const from = minute * rowsPerMinute;
    const to = from + rowsPerMinute;
    const isAdjacent = window !== null && (to === window.from || from === window.to);
    if (window !== null && (!isAdjacent || window.records + count > atMost)) {
      const startMs = now();
      yield clipped(window, range);
      atMost = Math.max(firstRecords, atMost * Math.min(mostGrowth, statementMs / Math.max(now() - startMs, 1)));
      window = null;
    }
    if (window === null) window = { from, to, records: count };
    else window = { from: Math.min(window.from, from), to: Math.max(window.to, to), records: window.records + count };
  }
  if (window !== null) yield clipped(window, range);
}

function clipped({ from, to }: RowRange, range: RowRange): RowRange {
  return { from: Math.max(from, range.from), to: Math.min(to, range.to) };
}

/** Minutes that have records of a plan's streams and severities, the oldest first, with how many. */
export function countMinutes(reader: DayReader, plan: DayPlan, range: RowRange): [minute: number, count: number][] {
  const { text, parameters } = countersOf(plan);
  const rows = reader.all(
    `select minute, sum(count) from minute_count where ${text} and minute >= ? and minute < ? group by minute order by minute`,
    ...parameters,
    Math.floor(range.from / rowsPerMinute),
    Math.ceil(range.to / rowsPerMinute),
  );
  return rows.map(([minute, count]) => [Number(minute), Number(count)]);
}

/** Which counters are of a plan, by its streams and severities alone. Pure. */
export function countersOf(plan: DayPlan): {
  readonly text: string;
  readonly parameters: readonly (string | number)[];
} {
  const streams =
    plan.streams === null
      ? { text: "stream = 0", parameters: [] }
      : { text: "stream in (select value from json_each(?))", parameters: [JSON.stringify([...plan.streams])] };
  if (plan.severities === null) return streams;
  return {
    text: `${streams.text} and (1 << severity) & ? > 0`,
    parameters: [...streams.parameters, plan.severities],
  };
}
