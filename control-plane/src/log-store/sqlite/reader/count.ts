import { wholeMinutes } from "./histogram.ts";
import type { ReaderAnswers, ReaderQuestion } from "./questions.ts";
import { type AskedDay, askDays, type Reading, recordColumns, scanDay, statementOf } from "./scan.ts";
import { countMinutes, windowsOf } from "./windows.ts";

/** Counts records that match, up to `atMost`. */
export function count(reading: Reading, question: ReaderQuestion & { kind: "count" }): ReaderAnswers["count"] {
  const { atMost } = question;
  let found = 0;
  const { isComplete } = askDays(reading, question, "newest", (day) => {
    const { reader, plan, range } = day;
    const isOfCounters = plan.isExact && plan.words === null && plan.sql === null;
    const { whole, rests } = isOfCounters ? wholeMinutes(range) : { whole: null, rests: [range] };
    if (whole !== null && whole.from < whole.to) {
      for (const [, records] of countMinutes(reader, plan, whole)) found += records;
    }
    for (const rest of rests) {
      if (found >= atMost) return "enough";
      const counted = countRows(reading, { ...day, range: rest }, atMost - found);
      found += counted.found;
      if (counted.isLate) return "late";
    }
    return found >= atMost ? "enough" : "more";
  });
  return { count: Math.min(found, atMost), isComplete };
}

interface CountedRows {
  readonly found: number;
  readonly isLate: boolean;
}

/** By the file itself where it can tell, else one by one; maybe some more than `atMost`. */
function countRows(reading: Reading, day: AskedDay, atMost: number): CountedRows {
  const { reader, plan, range } = day;
  let found = 0;
  if (!plan.isExact) {
    const { lateAt } = scanDay(reading, day, "newest", recordColumns, () => {
      found += 1;
      return found < atMost;
    });
    return { found, isLate: lateAt !== null };
  }
  const { text, before, behind } = statementOf(plan, "count(*)", null);
  for (const window of windowsOf(reader, plan, range, "newest", reading.stopwatch.now)) {
    if (found >= atMost) break;
    if (reading.stopwatch.isOver()) return { found, isLate: true };
    const [row] = reader.all(text, ...before, window.from, window.to, ...behind);
    found += Number(row?.[0] ?? 0);
  }
  return { found, isLate: false };
}
