import { z } from "zod";
import { ServiceCounts } from "../host/index.ts";
import { Problem } from "../problem/index.ts";
import { StateChange } from "../state-change/index.ts";

/** GET /api/v1/overview: the first page of the console in one answer. */
export const Overview = z.object({
  hosts: z.object({
    total: z.number().int(),
    up: z.number().int(),
    down: z.number().int(),
    unreachable: z.number().int(),
    stale: z.number().int(),
    pending: z.number().int(),
  }),
  services: ServiceCounts,
  unhandledProblems: z.number().int(),
  handledProblems: z.number().int(),
  /** The 20 worst open problems by impact, then age. */
  problems: z.array(Problem),
  /** The 20 newest state changes. */
  recentChanges: z.array(StateChange),
  ingest: z.object({
    resultsPerSecond: z.number(),
    /** Results per second over the last hour, one value a minute, oldest first. */
    history: z.array(z.number()),
  }),
  agents: z.object({ total: z.number().int(), connected: z.number().int() }),
  notifications: z.object({ queued: z.number().int(), dead: z.number().int(), isMailConfigured: z.boolean() }),
});
export type Overview = z.infer<typeof Overview>;
