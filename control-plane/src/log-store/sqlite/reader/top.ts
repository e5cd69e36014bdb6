import { type LogFieldValue, logSeverities } from "@mycloud/protocol/log-record";
import type { LogTopValues } from "@mycloud/protocol/log-search";
import { patternId } from "../../pattern/index.ts";
import { noSeverity } from "../batch-codec.ts";
import type { DayReader } from "./day-reader.ts";
import { wholeMinutes } from "./histogram.ts";
import type { ReaderQuestion } from "./questions.ts";
import { fieldsOf } from "./row-view.ts";
import { type AskedDay, askDays, type Reading, recordColumns, recordOf, scanDay } from "./scan.ts";
import { countersOf, type RowRange, rowsPerMinute } from "./windows.ts";

/** Different values that are counted; of a field that is different in every record the rest is only counted as having it. */
const maximumValues = 100_000;

/** The most frequent values of a field. */
export function top(reading: Reading, question: ReaderQuestion & { kind: "top" }): LogTopValues {
  const { field, limit } = question;
  const counts = new Map<LogFieldValue, number>();
  let having = 0;
  let matched = 0;

  function add(value: LogFieldValue | undefined | null, records: number): void {
    matched += records;
    if (value === undefined || value === null) return;
    having += records;
    const known = counts.get(value);
    if (known !== undefined || counts.size < maximumValues) counts.set(value, (known ?? 0) + records);
  }

  function addRows(day: AskedDay, range: RowRange): "more" | "late" {
    const { lateAt } = scanDay(reading, { ...day, range }, "newest", recordColumns, (row) => {
      const [, streamId, severity, , shape, , , json] = row;
      if (field === "pattern") add(patternId(day.reader.template(Number(shape))), 1);
      else if (ofStream.has(field))
        add(ofNames(day.reader, Number(streamId), Number(severity ?? noSeverity), field), 1);
      else if (field === "message" || field === "facility") add(recordOf(day.reader, row)[field], 1);
      else {
        const fields = fieldsOf(json);
        add(Object.hasOwn(fields, field) ? fields[field] : undefined, 1);
      }
      return true;
    });
    return lateAt === null ? "more" : "late";
  }

  const { isComplete } = askDays(reading, question, "newest", (day) => {
    const { plan, range } = day;
    if (!plan.isExact || plan.words !== null || plan.sql !== null || !ofStream.has(field)) return addRows(day, range);
    const { whole, rests } = wholeMinutes(range);
    for (const [stream, severity, records] of countNames(day, whole)) {
      add(ofNames(day.reader, stream, severity, field), records);
    }
    for (const rest of rests) if (addRows(day, rest) === "late") return "late";
    return "more";
  });
  const values = [...counts].map(([value, count]) => ({ value, count }));
  values.sort((one, other) => other.count - one.count || String(one.value).localeCompare(String(other.value)));
  return { field, values: values.slice(0, limit), having, matched, isComplete };
}

/** Fields that counters know. */
const ofStream: ReadonlySet<string> = new Set(["host", "hostId", "source", "service", "customer", "severity"]);

function ofNames(reader: DayReader, streamId: number, severity: number, field: string): LogFieldValue | null {
  const stream = reader.stream(streamId);
  switch (field) {
    case "host":
    case "hostId":
    case "source":
    case "service":
    case "customer":
      return stream?.[field] ?? null;
    default:
      return logSeverities[severity] ?? null;
  }
}

function countNames({ reader, plan }: AskedDay, { from, to }: RowRange): [number, number, number][] {
  const { text, parameters } = countersOf(plan);
  const rows = reader.all(
    `select stream, severity, sum(count) from minute_count
     where ${plan.streams === null ? text.replace("stream = 0", "stream > 0") : text} and minute >= ? and minute < ?
     group by stream, severity`,
    ...parameters,
    from / rowsPerMinute,
    to / rowsPerMinute,
  );
  return rows.map(([stream, severity, count]) => [Number(stream), Number(severity), Number(count)]);
}

/** Names of fields, most frequent first, by the newest records that match. */
export function fieldNames(reading: Reading, question: ReaderQuestion & { kind: "fieldNames" }): readonly string[] {
  const counts = new Map<string, number>();
  let looked = 0;
  askDays(reading, question, "newest", (day) => {
    const { lateAt } = scanDay(reading, day, "newest", recordColumns, (row) => {
      for (const name of Object.keys(fieldsOf(row[7]))) counts.set(name, (counts.get(name) ?? 0) + 1);
      looked += 1;
      return looked < sampleRecords;
    });
    if (lateAt !== null) return "late";
    return looked >= sampleRecords ? "enough" : "more";
  });
  const names = [...counts].sort(([one, a], [other, b]) => b - a || one.localeCompare(other)).map(([name]) => name);
  return names.slice(0, question.limit);
}

const sampleRecords = 5_000;
