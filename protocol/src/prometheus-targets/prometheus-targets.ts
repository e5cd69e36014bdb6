import { z } from "zod";

/** Query of GET /api/v1/prometheus/targets. One scrape job has one set of credentials, so each kind can be asked for by itself. */
export const TargetsQuery = z.object({
  /**
   * `agent`: hosts whose agents answer scrapes; `pushed`: hosts whose agents push, scraped from the control plane; `control-plane`: its own metrics and
   * those of all services. Left out: agents and pushed.
   */
  via: z.enum(["agent", "pushed", "control-plane"]).optional(),
});
export type TargetsQuery = z.infer<typeof TargetsQuery>;

/** A target group of Prometheus' HTTP service discovery. */
export const TargetGroup = z.object({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()) });
export type TargetGroup = z.infer<typeof TargetGroup>;
