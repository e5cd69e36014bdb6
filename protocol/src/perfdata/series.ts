import { z } from "zod";

/** Query of GET /api/v1/services/:id/perfdata: a time range, and how many points a chart can show. */
export const PerfdataQuery = z.object({
  fromMs: z.coerce.number().int(),
  untilMs: z.coerce.number().int(),
  points: z.coerce.number().int().min(10).max(5000).default(500),
  label: z.string().max(255).optional(),
});
export type PerfdataQuery = z.infer<typeof PerfdataQuery>;

/**
 * One perfdata label over time, in base units. Columns: bucket start, minimum, mean, maximum; a bucket nothing was measured
 * in is absent from `atMs` and must be drawn as a gap. Thresholds are Nagios ranges, as last reported.
 */
export const PerfdataSeries = z.object({
  label: z.string(),
  unit: z.string(),
  warn: z.string().nullable(),
  crit: z.string().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  atMs: z.array(z.number().int()),
  minimum: z.array(z.number()),
  mean: z.array(z.number()),
  maximum: z.array(z.number()),
});
export type PerfdataSeries = z.infer<typeof PerfdataSeries>;

/** `resolutionSeconds`: 0 = raw results, else the rollup or bucket width used; a gap is a pause longer than `gapSeconds`. */
export const PerfdataAnswer = z.object({
  serviceId: z.number().int(),
  fromMs: z.number().int(),
  untilMs: z.number().int(),
  resolutionSeconds: z.number(),
  gapSeconds: z.number(),
  series: z.array(PerfdataSeries),
});
export type PerfdataAnswer = z.infer<typeof PerfdataAnswer>;
