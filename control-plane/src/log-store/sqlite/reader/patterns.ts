import { type LogRecord, logSeverities } from "@mycloud/protocol/log-record";
import type { LogPatterns } from "@mycloud/protocol/log-search";
import type { LogRange } from "../../log-store.ts";
import { mergeShapes, patternId, rankPatterns } from "../../pattern/index.ts";
import { rowIdsPerDay, timeOfRow } from "../../record-id.ts";
import { noSeverity } from "../batch-codec.ts";
import type { ReaderQuestion } from "./questions.ts";
import type { RecordPlace } from "./record-place.ts";
import { type AskedDay, askDays, type Reading, recordColumns, recordOf, scanDay, statementOf, tryDay } from "./scan.ts";
import { type RowRange, rowsPerMinute, windowsOf } from "./windows.ts";

/** Shapes that are compared with each other; rarer ones are only counted. */
const maximumShapes = 5_000;
const rowsPerHour = 60 * rowsPerMinute;

/** A shape, in the range that is asked for and in the one before. */
interface CountedShape {
  readonly template: string;
  count: number;
  countBefore: number;
  firstUs: number;
  last: RecordPlace | null;
  severity: number;
  readonly hosts: Set<string>;
}

/** What records have in common, compared with the range before. */
export function patterns(reading: Reading, question: ReaderQuestion & { kind: "patterns" }): LogPatterns {
  const shapes = new Map<string, CountedShape>();
  let others = 0;

  function add(day: AskedDay, isBefore: boolean, counted: Counted): void {
    const { shape, stream, count, firstId, lastId, severity } = counted;
    if (shape === 0) {
      if (!isBefore) others += count;
      return;
    }
    const template = day.reader.template(shape);
    const known = shapes.get(template) ?? emptyShape(template);
    shapes.set(template, known);
    if (isBefore) {
      known.countBefore += count;
      return;
    }
    known.count += count;
    known.firstUs = Math.min(known.firstUs, timeOfRow(day.reader.day, firstId));
    known.severity = Math.min(known.severity, severity);
    known.hosts.add(day.reader.stream(stream)?.host ?? "");
    if (known.last === null || isLater({ day: day.reader.day, rowId: lastId }, known.last)) {
      known.last = { day: day.reader.day, rowId: lastId };
    }
  }

  function count(range: LogRange, isBefore: boolean): boolean {
    return askDays(reading, { ...question, ...range }, "newest", (day) =>
      countDay(reading, day, (counted) => add(day, isBefore, counted)),
    ).isComplete;
  }

  const isComplete = [count(question, false), count(question.before, true)].every(Boolean);
  const counted = [...shapes.values()].sort((one, other) => weightOf(other) - weightOf(one));
  for (const { count: rare } of counted.slice(maximumShapes)) others += rare;
  const merged = mergeShapes(counted.slice(0, maximumShapes)).map(({ template, shapes: same }) =>
    sumOf(template, same),
  );
  const ratio = lengthOf(question) / Math.max(1, lengthOf(question.before));
  const ranked = rankPatterns(merged, question.order, ratio).slice(0, question.limit);
  return {
    patterns: ranked.map((pattern) => ({
      id: patternId(pattern.template),
      template: pattern.template,
      count: pattern.count,
      countBefore: pattern.countBefore,
      firstSeenUs: pattern.firstUs,
      lastSeenUs: pattern.last === null ? pattern.firstUs : timeOfRow(pattern.last.day, pattern.last.rowId),
      severity: logSeverities[pattern.severity] ?? null,
      hosts: pattern.hosts.size,
      example: pattern.last === null ? null : readRecord(reading, pattern.last),
    })),
    others,
    isComplete,
  };
}

interface Counted {
  readonly shape: number;
  readonly stream: number;
  readonly count: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly severity: number;
}

const countedColumns = "log.shape, log.stream, count(*), min(log.id), max(log.id), min(coalesce(log.severity, 8))";

/** Counts a day's records by shape and stream: from the counters of whole hours if they can tell, else from the records. */
function countDay(reading: Reading, day: AskedDay, add: (counted: Counted) => void): "more" | "late" {
  const { reader, plan, range } = day;
  const isOfCounters = plan.isExact && plan.words === null && plan.sql === null && plan.severities === null;
  if (!isOfCounters) return countRows(reading, day, range, add);
  const from = Math.ceil(range.from / rowsPerHour);
  const to = Math.floor(range.to / rowsPerHour);
  if (from >= to) return countRows(reading, day, range, add);
  const rows = reader.all(
    `select shape, stream, sum(count), min(first_id), max(last_id), min(severity) from shape_count
     where hour >= ? and hour < ? ${plan.streams === null ? "" : "and stream in (select value from json_each(?))"}
     group by shape, stream`,
    from,
    to,
    ...(plan.streams === null ? [] : [JSON.stringify([...plan.streams])]),
  );
  for (const row of rows) add(countedOf(row));
  const rests = [
    { from: range.from, to: from * rowsPerHour },
    { from: to * rowsPerHour, to: range.to },
  ];
  for (const rest of rests) if (countRows(reading, day, rest, add) === "late") return "late";
  return "more";
}

function countRows(reading: Reading, day: AskedDay, range: RowRange, add: (counted: Counted) => void): "more" | "late" {
  const { reader, plan } = day;
  if (!plan.isExact) {
    const { lateAt } = scanDay(reading, { ...day, range }, "newest", recordColumns, (row) => {
      const id = Number(row[0]);
      const severity = Number(row[2] ?? noSeverity);
      add({ shape: Number(row[4]), stream: Number(row[1]), count: 1, firstId: id, lastId: id, severity });
      return true;
    });
    return lateAt === null ? "more" : "late";
  }
  const { text, before, behind } = statementOf(plan, countedColumns, null);
  for (const window of windowsOf(reader, plan, range, "newest", reading.stopwatch.now)) {
    if (reading.stopwatch.isOver()) return "late";
    const rows = reader.all(`${text} group by log.shape, log.stream`, ...before, window.from, window.to, ...behind);
    for (const row of rows) add(countedOf(row));
  }
  return "more";
}

function countedOf([shape, stream, count, firstId, lastId, severity]: readonly unknown[]): Counted {
  return {
    shape: Number(shape),
    stream: Number(stream),
    count: Number(count),
    firstId: Number(firstId),
    lastId: Number(lastId),
    severity: Number(severity),
  };
}

function readRecord(reading: Reading, { day, rowId }: RecordPlace): LogRecord | null {
  const found = tryDay(reading, day, (reader) => {
    const [row] = reader.all(`select ${recordColumns} from log where log.id = ?`, Math.min(rowId, rowIdsPerDay));
    return row === undefined ? "more" : recordOf(reader, row);
  });
  return typeof found === "string" ? null : found;
}

function emptyShape(template: string): CountedShape {
  return {
    template,
    count: 0,
    countBefore: 0,
    firstUs: Number.POSITIVE_INFINITY,
    last: null,
    severity: noSeverity,
    hosts: new Set(),
  };
}

function sumOf(template: string, shapes: readonly CountedShape[]): CountedShape {
  const sum = emptyShape(template);
  for (const shape of shapes) {
    sum.count += shape.count;
    sum.countBefore += shape.countBefore;
    sum.firstUs = Math.min(sum.firstUs, shape.firstUs);
    sum.severity = Math.min(sum.severity, shape.severity);
    if (shape.last !== null && (sum.last === null || isLater(shape.last, sum.last))) sum.last = shape.last;
    for (const host of shape.hosts) sum.hosts.add(host);
  }
  return sum;
}

function isLater(one: RecordPlace, other: RecordPlace): boolean {
  return one.day > other.day || (one.day === other.day && one.rowId > other.rowId);
}

function weightOf({ count, countBefore }: CountedShape): number {
  return count + countBefore;
}

function lengthOf({ fromUs, toUs }: LogRange): number {
  return toUs - fromUs;
}
