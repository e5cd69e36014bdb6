import type { LogRecord } from "@mycloud/protocol/log-record";
import { csvField, csvLine } from "../http/csv.ts";
import type { LogQuestion, LogStore } from "../log-store/index.ts";

const pageSize = 1000;

/** All records of a question, page by page, at most `limit`. */
export async function* readRecords(
  store: LogStore,
  { order, limit, ...question }: LogQuestion & { readonly order: "newest" | "oldest"; readonly limit: number },
): AsyncGenerator<readonly LogRecord[]> {
  let cursor: string | null = null;
  let left = limit;
  do {
    const page = await store.search({ ...question, order, cursor, limit: Math.min(pageSize, left) });
    left -= page.records.length;
    cursor = page.cursor;
    yield page.records;
  } while (cursor !== null && left > 0);
}

const columns = ["time", "host", "service", "source", "severity", "facility", "message", "fields"] as const;

/** How an export begins. */
export const csvHead = csvLine([...columns]);

/** One record as a line of RFC 4180; its fields are JSON in the last column. Pure. */
export function csvOf(record: LogRecord): string {
  const { host, service, source, severity, facility, message, fields } = record;
  const texts = [timeText(record.timeUs), host, service, source, severity ?? "", facility ?? "", message];
  return csvLine([...texts, JSON.stringify(fields)].map(csvField));
}

/** RFC 3339 with microseconds. Pure. */
export function timeText(timeUs: number): string {
  const ms = Math.floor(timeUs / 1000);
  const us = String(timeUs - ms * 1000).padStart(3, "0");
  return `${new Date(ms).toISOString().slice(0, -1)}${us}Z`;
}
