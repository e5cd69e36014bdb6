import { logSeverities } from "@mycloud/protocol/log-record";
import type { LogHistogram } from "@mycloud/protocol/log-search";
import { binsOf } from "../../bin-width.ts";
import { microsecondsPerDay, slotsPerMicrosecond } from "../../record-id.ts";
import { noSeverity } from "../batch-codec.ts";
import type { ReaderQuestion } from "./questions.ts";
import { type AskedDay, askDays, type Reading, recordColumns, scanDay, statementOf } from "./scan.ts";
import { countersOf, type RowRange, rowsPerMinute, windowsOf } from "./windows.ts";

const minuteUs = 60_000_000;
/** The bin, the severity, the records: for how far midnight is behind the first bin, and how wide they are. */
const groupColumns = `(log.id / ${slotsPerMicrosecond} + cast(? as integer)) / cast(? as integer), coalesce(log.severity, ${noSeverity}), count(*)`;

/** Counts records over time. What streams and severities decide alone is answered by the counters of whole minutes. */
export function histogram(reading: Reading, question: ReaderQuestion & { kind: "histogram" }): LogHistogram {
  const { fromUs, binUs, count } = binsOf(question, question.bins);
  const counts = new Float64Array(count * (noSeverity + 1));

  function add(timeUs: number, severity: number, records: number): void {
    const bin = Math.floor((timeUs - fromUs) / binUs);
    const place = bin * (noSeverity + 1) + severity;
    counts[place] = (counts[place] ?? 0) + records;
  }

  function addRows(day: AskedDay, range: RowRange): "more" | "late" {
    if (day.plan.isExact) return addGroups(day, range);
    const midnightUs = day.reader.day * microsecondsPerDay;
    const { lateAt } = scanDay(reading, { ...day, range }, "newest", recordColumns, (row) => {
      const severity = row[2];
      const timeUs = midnightUs + Math.floor(Number(row[0]) / slotsPerMicrosecond);
      add(timeUs, severity === null ? noSeverity : Number(severity), 1);
      return true;
    });
    return lateAt === null ? "more" : "late";
  }

  /** Counted by the file itself: no row has to come here. */
  function addGroups({ reader, plan }: AskedDay, range: RowRange): "more" | "late" {
    const behindUs = reader.day * microsecondsPerDay - fromUs;
    const { text, before, behind } = statementOf(plan, groupColumns, null);
    for (const window of windowsOf(reader, plan, range, "newest", reading.stopwatch.now)) {
      if (reading.stopwatch.isOver()) return "late";
      const bounds = [...before, window.from, window.to, ...behind];
      for (const [bin, severity, records] of reader.all(`${text} group by 1, 2`, behindUs, binUs, ...bounds)) {
        add(fromUs + Number(bin) * binUs, Number(severity), Number(records));
      }
    }
    return "more";
  }

  const { isComplete } = askDays(reading, question, "newest", (day) => {
    const { plan, range } = day;
    if (!plan.isExact || plan.words !== null || plan.sql !== null || binUs % minuteUs !== 0) return addRows(day, range);
    const { whole, rests } = wholeMinutes(range);
    addCounters(day, whole, add);
    for (const rest of rests) if (addRows(day, rest) === "late") return "late";
    return "more";
  });
  return { fromUs, binUs, bins: Array.from({ length: count }, (_, bin) => binOf(counts, bin)), isComplete };
}

function addCounters(
  { reader, plan }: AskedDay,
  { from, to }: RowRange,
  add: (timeUs: number, severity: number, records: number) => void,
): void {
  const { text, parameters } = countersOf(plan);
  const rows = reader.all(
    `select minute, severity, sum(count) from minute_count where ${text} and minute >= ? and minute < ?
     group by minute, severity`,
    ...parameters,
    from / rowsPerMinute,
    to / rowsPerMinute,
  );
  const midnightUs = reader.day * microsecondsPerDay;
  for (const [minute, severity, count] of rows) {
    add(midnightUs + Number(minute) * minuteUs, Number(severity), Number(count));
  }
}

/** A range's whole minutes, and what is left over at its ends. Pure. */
export function wholeMinutes(range: RowRange): { readonly whole: RowRange; readonly rests: readonly RowRange[] } {
  const from = Math.ceil(range.from / rowsPerMinute) * rowsPerMinute;
  const to = Math.floor(range.to / rowsPerMinute) * rowsPerMinute;
  if (from >= to) return { whole: { from: 0, to: 0 }, rests: [range] };
  const rests = [
    { from: range.from, to: from },
    { from: to, to: range.to },
  ].filter((rest) => rest.from < rest.to);
  return { whole: { from, to }, rests };
}

function binOf(counts: Float64Array, bin: number): LogHistogram["bins"][number] {
  const severities: LogHistogram["bins"][number]["severities"] = {};
  let sum = 0;
  for (let severity = 0; severity <= noSeverity; severity += 1) {
    const count = counts[bin * (noSeverity + 1) + severity] ?? 0;
    sum += count;
    if (count > 0) severities[logSeverities[severity] ?? "none"] = count;
  }
  return { count: sum, severities };
}
