import type { DayReader } from "./day-reader.ts";
import { type DayPlan, joinTerms } from "./plan-day.ts";
import { countMinutes, type RowRange, rowsPerMinute } from "./windows.ts";

/** Rows that are looked up to know how frequent a word is. */
const probedRows = 300;
/**
 * To go to a place in the long list of a frequent word takes about as long as to look at the record itself. So words that are so many times as frequent as
 * the rarest are left to the look at the record.
 */
const worthwhile = 20;

interface Estimate {
  readonly term: string;
  readonly records: number;
}

/** A plan with those of its words only that are worth asking the index for; null when one of them is in no record of the range. */
export function chooseTerms<Plan extends DayPlan>(reader: DayReader, plan: Plan, range: RowRange): Plan | null {
  const { terms } = plan;
  if (terms === null || terms.length < 2) return plan;
  const whole = countMinutes(reader, { ...plan, streams: null, severities: null }, range);
  const estimates = [...new Set(terms)]
    .map((term): Estimate => ({ term, records: estimate(reader, term, range, whole) }))
    .sort((one, other) => one.records - other.records);
  const rarest = estimates[0]?.records ?? 0;
  if (rarest === 0) return null;
  const chosen = estimates.filter(({ records }) => records <= worthwhile * rarest).map(({ term }) => term);
  const isExact = plan.isExact && chosen.length === estimates.length;
  return { ...plan, terms: chosen, words: joinTerms(chosen), isExact };
}

/** How many records of a range have a word: exactly when there are few, else by how far back the newest of them go. */
function estimate(
  reader: DayReader,
  term: string,
  { from, to }: RowRange,
  minutes: readonly (readonly [minute: number, count: number])[],
): number {
  const rows = reader.all(
    "select rowid from word where word match ? and rowid >= ? and rowid < ? order by rowid desc limit ?",
    term,
    from,
    to,
    probedRows,
  );
  if (rows.length < probedRows) return rows.length;
  const firstMinute = Math.floor(Number(rows.at(-1)?.[0] ?? from) / rowsPerMinute);
  let all = 0;
  let probed = 0;
  for (const [minute, count] of minutes) {
    all += count;
    if (minute >= firstMinute) probed += count;
  }
  return Math.max(probedRows, (probedRows / Math.max(probed, 1)) * all);
}
