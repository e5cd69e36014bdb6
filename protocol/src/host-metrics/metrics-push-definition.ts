import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { HostSelector } from "../selector/index.ts";

/**
 * Hosts whose agents push their metrics, because nobody can scrape them: the control plane exposes them again, and may write them to a store. Of several
 * that cover a host the shortest interval counts.
 */
export const MetricsPushInput = z.object({
  name: ResourceName,
  selector: HostSelector.default({}),
  isEnabled: z.boolean().default(true),
  intervalSeconds: z.number().int().min(5).max(3600).default(60),
});
export type MetricsPushInput = z.infer<typeof MetricsPushInput>;
