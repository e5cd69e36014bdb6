import type { LogRecord } from "@mycloud/protocol/log-record";
import type { LogPage } from "@mycloud/protocol/log-search";
import { rowIdsPerDay, timeOfRow } from "../../record-id.ts";
import type { ReaderQuestion } from "./questions.ts";
import { formatCursor, type RecordPlace } from "./record-place.ts";
import { askDays, type Reading, recordColumns, recordOf, scanDay } from "./scan.ts";
import type { RowRange } from "./windows.ts";

/** A page of records, and where the next one begins. */
export function search(reading: Reading, question: ReaderQuestion & { kind: "search" }): LogPage {
  const { order, limit, behind } = question;
  const found: { readonly record: LogRecord; readonly place: RecordPlace }[] = [];
  let lateAt: RecordPlace | null = null;
  const { isComplete } = askDays(reading, question, order, (day) => {
    const range = rangeBehind(day.range, day.reader.day, behind, order);
    const outcome = scanDay(reading, { ...day, range }, order, recordColumns, (row) => {
      found.push({ record: recordOf(day.reader, row), place: { day: day.reader.day, rowId: Number(row[0]) } });
      return found.length <= limit;
    });
    if (outcome.lateAt !== null) lateAt = { day: day.reader.day, rowId: outcome.lateAt };
    if (found.length > limit) return "enough";
    return outcome.lateAt === null ? "more" : "late";
  });
  const records = found.slice(0, limit).map(({ record }) => record);
  const last = found[limit - 1]?.place;
  if (found.length > limit && last !== undefined) {
    return { records, cursor: formatCursor(order, last), isComplete: true, searchedToUs: timeOfPlace(last) };
  }
  const reached: RecordPlace | null = isComplete ? null : (lateAt ?? found.at(-1)?.place ?? null);
  if (reached === null) return { records, cursor: null, isComplete, searchedToUs: null };
  // What is behind a cursor is above or below it, never it itself.
  const place = order === "newest" ? reached : { day: reached.day, rowId: Math.max(0, reached.rowId - 1) };
  return { records, cursor: formatCursor(order, place), isComplete: false, searchedToUs: timeOfPlace(reached) };
}

function timeOfPlace({ day, rowId }: RecordPlace): number {
  return timeOfRow(day, rowId);
}

/** Of a day's range what is behind a place. Pure. */
export function rangeBehind(
  range: RowRange,
  day: number,
  behind: RecordPlace | null,
  order: "newest" | "oldest",
): RowRange {
  if (behind === null) return range;
  if (order === "newest") {
    const to = day > behind.day ? 0 : day < behind.day ? rowIdsPerDay : behind.rowId;
    return { from: range.from, to: Math.min(range.to, to) };
  }
  const from = day < behind.day ? rowIdsPerDay : day > behind.day ? 0 : behind.rowId + 1;
  return { from: Math.max(range.from, from), to: range.to };
}
