import { z } from "zod";
import { LogRecord } from "../log-record/index.ts";
import { LogPattern } from "../log-search/index.ts";

/** A record, and how many like it there were: of the same service and severity, different in numbers, addresses and the like alone. */
export const AlikeRecords = LogRecord.extend({
  /** It and those before it. */
  alikeCount: z.number().int().min(1).default(1),
  /** When the first of them was logged, in microseconds; null where it is the only one. */
  alikeSinceUs: z.number().int().nullable().default(null),
});
export type AlikeRecords = z.infer<typeof AlikeRecords>;

/** GET /api/v1/services/:id/problem-logs and /api/v1/hosts/:id/problem-logs: what the host logged around the beginning of the problem. */
export const ProblemLogs = z.object({
  /** Null where there is no problem. */
  startedAtMs: z.number().int().nullable(),
  /** When this was put aside, to be there when the logs are gone; null while it is read from them. */
  keptAtMs: z.number().int().nullable(),
  /** Oldest first: the last before the change, and the first after it; of alike ones the last, so that a flood leaves room for what else was said. */
  records: z.array(AlikeRecords).max(100),
  /** What was said more often than in the hour before, most first. */
  patterns: z.array(LogPattern).max(10),
  /** Why there is nothing, or what to bear in mind. */
  message: z.string().nullable(),
});
export type ProblemLogs = z.infer<typeof ProblemLogs>;
