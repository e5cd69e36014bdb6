import { z } from "zod";

/** Begin the backups that a timer looks after; with names, those of these policies. */
export const LocalRequest = z.object({ ask: z.literal("sync"), policies: z.array(z.string().max(255)).max(200) });
export type LocalRequest = z.infer<typeof LocalRequest>;

/** For each backup job that was meant: null when a run begins, else why not. */
export const LocalAnswer = z.object({
  jobs: z.array(z.object({ policyName: z.string(), refusal: z.string().nullable() })),
  /** Policies that were named and are none of this host's. */
  unknown: z.array(z.string()),
});
export type LocalAnswer = z.infer<typeof LocalAnswer>;

/** Longer lines are none of ours. */
export const maximumLineBytes = 64 * 1024;
