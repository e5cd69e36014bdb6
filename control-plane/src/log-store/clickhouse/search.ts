import type { LogRecord } from "@mycloud/protocol/log-record";
import type { LogPage } from "@mycloud/protocol/log-search";
import type { LogRange } from "../log-store.ts";
import { type Reading, rangeSql } from "./reading.ts";
import { formatPlace, type RecordRow, type RowPlace, recordColumns, recordOf } from "./rows.ts";

const minuteUs = 60_000_000;
/** What is looked at first; each next look is at so many times as much. */
const firstWindowUs = 10 * minuteUs;
const growth = 6;

/**
 * A page of records. Old servers sort all that match before they cut: so the range is looked at in pieces, which grow, from its newest or its oldest end.
 */
export async function search(
  reading: Reading,
  range: LogRange,
  order: "newest" | "oldest",
  limit: number,
  behind: RowPlace | null,
): Promise<LogPage> {
  const records: LogRecord[] = [];
  for (const window of windowsOf(rangeBehind(range, order, behind), order)) {
    const rows = await reading.query<RecordRow>(
      `select ${recordColumns} from ${reading.table} where ${rangeSql(window)} and ${reading.matches} and ${behindSql(order, behind)}
       order by time_us ${directions[order]}, seq ${directions[order]} limit ${limit + 1 - records.length}`,
    );
    if (rows === null) return incomplete(records, order, window);
    records.push(...rows.map(recordOf));
    if (records.length > limit) break;
  }
  const last = records[limit - 1];
  if (records.length <= limit || last === undefined) {
    return { records, cursor: null, isComplete: true, searchedToUs: null };
  }
  const cursor = formatCursor(order, last.id);
  return { records: records.slice(0, limit), cursor, isComplete: true, searchedToUs: last.timeUs };
}

const directions = { newest: "desc", oldest: "asc" } as const;

/** The time was over before a window was looked at: the next page begins with it. */
function incomplete(records: LogRecord[], order: "newest" | "oldest", window: LogRange): LogPage {
  const timeUs = order === "newest" ? window.toUs : window.fromUs - 1;
  const seq = order === "newest" ? "0" : "18446744073709551615";
  return {
    records,
    cursor: formatCursor(order, formatPlace({ timeUs: Math.max(0, timeUs), seq })),
    isComplete: false,
    searchedToUs: order === "newest" ? window.toUs : window.fromUs,
  };
}

/** Opaque to whoever keeps it. Pure. */
function formatCursor(order: "newest" | "oldest", id: string): string {
  return `${order === "newest" ? "n" : "o"}${id}`;
}

function rangeBehind(range: LogRange, order: "newest" | "oldest", behind: RowPlace | null): LogRange {
  if (behind === null) return range;
  return order === "newest"
    ? { fromUs: range.fromUs, toUs: Math.min(range.toUs, behind.timeUs + 1) }
    : { fromUs: Math.max(range.fromUs, behind.timeUs), toUs: range.toUs };
}

function behindSql(order: "newest" | "oldest", behind: RowPlace | null): string {
  if (behind === null) return "1";
  const { timeUs, seq } = behind;
  const operator = order === "newest" ? "<" : ">";
  return `(time_us ${operator} ${timeUs} or (time_us = ${timeUs} and seq ${operator} ${seq}))`;
}

/** Pieces of a range, from the end that is asked for. Pure. */
export function* windowsOf({ fromUs, toUs }: LogRange, order: "newest" | "oldest"): Generator<LogRange> {
  let width = firstWindowUs;
  if (order === "newest") {
    for (let to = toUs; to > fromUs; width *= growth) {
      const from = Math.max(fromUs, to - width);
      yield { fromUs: from, toUs: to };
      to = from;
    }
  } else {
    for (let from = fromUs; from < toUs; width *= growth) {
      const to = Math.min(toUs, from + width);
      yield { fromUs: from, toUs: to };
      from = to;
    }
  }
}
