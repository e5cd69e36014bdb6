import type { LogRecord } from "@mycloud/protocol/log-record";
import { microsecondsPerDay, rowIdsPerDay } from "../../record-id.ts";
import { listDays } from "../day-files.ts";
import type { DayReader } from "./day-reader.ts";
import type { ReaderQuestion } from "./questions.ts";
import { askDays, type Reading, recordColumns, recordOf, type ScanPlan, scanDay, tryDay } from "./scan.ts";
import { rangeBehind } from "./search.ts";

const nothingMore = {
  words: null,
  terms: null,
  severities: null,
  sql: null,
  isExact: true,
  hasPrefix: false,
  hours: null,
  severeStreams: null,
} as const;

/** Records of the same host and source around one, oldest first. */
export function context(reading: Reading, question: ReaderQuestion & { kind: "context" }): readonly LogRecord[] {
  const { place, scope } = question;
  const found = tryDay(reading, place.day, (reader) => {
    const [row] = reader.all(`select ${recordColumns} from log where log.id = ?`, place.rowId);
    return row === undefined ? "more" : recordOf(reader, row);
  });
  if (typeof found === "string") return [];
  if (scope.kind === "customer" && found.customer !== scope.customer) return [];
  const before = neighbours(reading, question, found, "newest", question.before);
  const after = neighbours(reading, question, found, "oldest", question.after);
  return [...before.reverse(), found, ...after];
}

function neighbours(
  reading: Reading,
  { place, scope }: ReaderQuestion & { kind: "context" },
  record: LogRecord,
  order: "newest" | "oldest",
  limit: number,
): LogRecord[] {
  const records: LogRecord[] = [];
  if (limit <= 0) return records;
  const days = listDays(reading.directory);
  const range =
    order === "newest"
      ? { fromUs: (days[0] ?? place.day) * microsecondsPerDay, toUs: (place.day + 1) * microsecondsPerDay }
      : { fromUs: place.day * microsecondsPerDay, toUs: ((days.at(-1) ?? place.day) + 1) * microsecondsPerDay };
  askDays(reading, { ...range, condition: { kind: "all" }, scope, patterns: [] }, order, (day) => {
    const plan: ScanPlan = { ...nothingMore, streams: streamsLike(day.reader, record) };
    const whole = { from: 0, to: rowIdsPerDay };
    const asked = { ...day, plan, range: rangeBehind(whole, day.reader.day, place, order), matches: () => true };
    const { lateAt } = scanDay(reading, asked, order, recordColumns, (row) => {
      records.push(recordOf(day.reader, row));
      return records.length < limit;
    });
    if (lateAt !== null) return "late";
    return records.length >= limit ? "enough" : "more";
  });
  return records;
}

function streamsLike(reader: DayReader, { host, hostId, customer, source }: LogRecord): Set<number> {
  const like = [...reader.streams()].filter(
    ([, stream]) =>
      stream.host === host && stream.hostId === hostId && stream.customer === customer && stream.source === source,
  );
  return new Set(like.map(([id]) => id));
}
