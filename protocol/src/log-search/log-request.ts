import { z } from "zod";

const instant = z.coerce.number().int().min(0).max(8_000_000_000_000);

/** What every question about logs has: a query in the language of `@mycloud/protocol/log-query`, and a time. Without a time: the last hour. */
export const LogRangeQuery = z.object({
  query: z.string().max(4096).default(""),
  /** Included. */
  fromMs: instant.optional(),
  /** Not included; now when left out. */
  untilMs: instant.optional(),
});

/** Query of GET /api/v1/logs. */
export const LogsQuery = LogRangeQuery.extend({
  order: z.enum(["newest", "oldest"]).default("newest"),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** Of an earlier answer to the same question. */
  cursor: z.string().max(200).optional(),
});

/** Query of GET /api/v1/logs/histogram. */
export const LogHistogramQuery = LogRangeQuery.extend({ bins: z.coerce.number().int().min(1).max(400).default(60) });

/** Query of GET /api/v1/logs/top. */
export const LogTopQuery = LogRangeQuery.extend({
  field: z.string().min(1).max(128),
  limit: z.coerce.number().int().min(1).max(100).default(10),
});

/** Query of GET /api/v1/logs/fields. */
export const LogFieldsQuery = LogRangeQuery.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) });
export const LogFieldNames = z.object({ names: z.array(z.string()) });

/** Query of GET /api/v1/logs/patterns. `compareSeconds`: how long the time before the range is that counts are compared with. */
export const LogPatternsQuery = LogRangeQuery.extend({
  compareSeconds: z.coerce.number().int().min(1).max(31_536_000).default(3600),
  order: z.enum(["count", "risen", "new"]).default("count"),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** Query of GET /api/v1/logs/:id/context. */
export const LogContextQuery = z.object({
  before: z.coerce.number().int().min(0).max(500).default(20),
  after: z.coerce.number().int().min(0).max(500).default(20),
});

/** Query of GET /api/v1/logs/export. */
export const LogExportQuery = LogRangeQuery.extend({
  format: z.enum(["ndjson", "csv"]).default("ndjson"),
  order: z.enum(["newest", "oldest"]).default("oldest"),
  limit: z.coerce.number().int().min(1).max(10_000_000).default(1_000_000),
});

/** Query of GET /api/v1/logs/tail. */
export const LogTailQuery = z.object({ query: z.string().max(4096).default("") });
