import { wholeMinutes } from "./histogram.ts";
import type { ReaderAnswers, ReaderQuestion } from "./questions.ts";
import { askDays, type Reading, recordColumns, scanDay } from "./scan.ts";
import { countMinutes } from "./windows.ts";

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
      const columns = plan.isExact ? "log.id" : recordColumns;
      const { lateAt } = scanDay(reading, { ...day, range: rest }, "newest", columns, () => {
        found += 1;
        return found < atMost;
      });
      if (lateAt !== null) return "late";
    }
    return found >= atMost ? "enough" : "more";
  });
  return { count: Math.min(found, atMost), isComplete };
}
