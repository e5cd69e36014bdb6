import { z } from "zod";
import { LogFieldValue, LogRecord, LogSeverity } from "../log-record/index.ts";

/** GET /api/v1/logs: newest first, or oldest first. */
export const LogPage = z.object({
  records: z.array(LogRecord),
  /** Where the next page begins; null when there is no more in the range. */
  cursor: z.string().nullable(),
  /** False when the search was ended by its time limit: what is older than `searchedToUs` was not looked at. */
  isComplete: z.boolean(),
  searchedToUs: z.number().int().nullable(),
});
export type LogPage = z.infer<typeof LogPage>;

/** GET /api/v1/logs/histogram. Bins without records are in it, with zeros; their counts by severity leave zeros out. */
export const LogHistogram = z.object({
  fromUs: z.number().int(),
  /** Width of a bin. */
  binUs: z.number().int().positive(),
  bins: z.array(
    z.object({
      count: z.number().int(),
      severities: z.partialRecord(z.union([LogSeverity, z.literal("none")]), z.number().int()),
    }),
  ),
  isComplete: z.boolean(),
});
export type LogHistogram = z.infer<typeof LogHistogram>;

/** GET /api/v1/logs/top: most frequent first. */
export const LogTopValues = z.object({
  field: z.string(),
  values: z.array(z.object({ value: LogFieldValue, count: z.number().int() })),
  /** Records that have the field, and those that matched. */
  having: z.number().int(),
  matched: z.number().int(),
  isComplete: z.boolean(),
});
export type LogTopValues = z.infer<typeof LogTopValues>;

/** A message's constant part; `<*>` stands where messages differ, `<num>`, `<ip>`, `<hex>`, `<uuid>`, `<path>`... where their kind is known. */
export const LogPattern = z.object({
  /** The same text has the same id, everywhere and always. */
  id: z.string(),
  template: z.string(),
  count: z.number().int(),
  /** In the time range before that it is compared with. */
  countBefore: z.number().int(),
  firstSeenUs: z.number().int(),
  lastSeenUs: z.number().int(),
  severity: LogSeverity.nullable(),
  hosts: z.number().int(),
  example: LogRecord.nullable(),
});
export type LogPattern = z.infer<typeof LogPattern>;

export const LogPatterns = z.object({
  patterns: z.array(LogPattern),
  /** Messages that were not assigned, since there were too many patterns. */
  others: z.number().int(),
  isComplete: z.boolean(),
});
export type LogPatterns = z.infer<typeof LogPatterns>;

/** GET /api/v1/logs/:id/context: oldest first. */
export const LogContext = z.object({ records: z.array(LogRecord) });
export type LogContext = z.infer<typeof LogContext>;

/** Event `records` of GET /api/v1/logs/tail. */
export const LogTailEvent = z.object({
  records: z.array(LogRecord),
  /** Left out since they came faster than they were read. */
  skipped: z.number().int(),
});
export type LogTailEvent = z.infer<typeof LogTailEvent>;
