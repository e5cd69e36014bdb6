import { z } from "zod";

/** What agents are told about metrics (AgentConfiguration.metrics). */
export const MetricsJob = z.object({
  /** How often samples are pushed to the control plane; null: they are not, somebody scrapes the agent. */
  pushIntervalSeconds: z.number().int().min(5).max(3600).nullable(),
});
export type MetricsJob = z.infer<typeof MetricsJob>;

/** POST /api/v1/agent/metrics (gzip): what an agent would have answered to a scrape at `scrapedAtMs`. `batchId` makes it idempotent. */
export const MetricsPush = z.object({
  batchId: z.uuid(),
  scrapedAtMs: z.number().int(),
  /** Text format 0.0.4. */
  exposition: z.string().max(4 * 1024 * 1024),
});
export type MetricsPush = z.infer<typeof MetricsPush>;

export const MetricsPushAnswer = z.object({ isDuplicate: z.boolean() });
export type MetricsPushAnswer = z.infer<typeof MetricsPushAnswer>;
