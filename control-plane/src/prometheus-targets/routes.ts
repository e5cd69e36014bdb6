import { TargetGroup, TargetsQuery } from "@mycloud/protocol/prometheus-targets";
import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { FindMetricsJobs } from "../host-metrics/metrics-job.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { planTargets } from "./plan-targets.ts";
import { findHostsWithAgent } from "./store.ts";

export interface TargetsDependencies {
  readonly database: Pick<ConnectedDatabase, "db">;
  readonly findJobs: FindMetricsJobs;
  readonly publicUrl: () => string;
}

/** What Prometheus is to scrape. */
export function createPrometheusTargetRoutes({ database: { db }, findJobs, publicUrl }: TargetsDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/prometheus/targets",
      summary: "What Prometheus is to scrape, for its HTTP service discovery (http_sd_configs)",
      access: forViewers,
      query: TargetsQuery,
      answer: z.array(TargetGroup),
      isBasicTaken: true,
      async handle({ query: { via }, scope }) {
        // What is of nobody in particular tells of everybody.
        if (via === "control-plane") return scope.kind === "all" ? planTargets([], publicUrl(), via) : [];
        const hosts = await findHostsWithAgent(db, scope);
        const jobs = await findJobs(hosts.map(({ id }) => id));
        const isPushed = (id: number) => (jobs.get(id)?.pushIntervalSeconds ?? null) !== null;
        return planTargets(
          hosts.map((host) => ({ ...host, isPushed: isPushed(host.id) })),
          publicUrl(),
          via,
        );
      },
    }),
  ];
}
