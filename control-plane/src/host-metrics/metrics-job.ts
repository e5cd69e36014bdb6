import type { MetricsJob, MetricsPushInput } from "@mycloud/protocol/host-metrics";
import { matchesHost, type SelectableHost } from "@mycloud/protocol/selector";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { EnabledDefinitions } from "../definition/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";

/** What an agent is told about a host's metrics; undefined when nobody wants them pushed. Of several definitions the shortest interval counts. Pure. */
export function metricsJobOf(
  host: SelectableHost,
  pushes: readonly Pick<MetricsPushInput, "selector" | "intervalSeconds">[],
): MetricsJob | undefined {
  const wanted = pushes.filter(({ selector }) => matchesHost(selector, host));
  if (wanted.length === 0) return undefined;
  return { pushIntervalSeconds: Math.min(...wanted.map(({ intervalSeconds }) => intervalSeconds)) };
}

/** Finds the jobs of hosts, by host. */
export type FindMetricsJobs = (hostIds: readonly number[]) => Promise<ReadonlyMap<number, MetricsJob>>;

/** Makes it. Both caches are forgotten by their owners when definitions change. */
export function createMetricsJobFinder(
  { db }: Pick<ConnectedDatabase, "db">,
  definitions: Pick<DefinitionCache, "hostsById">,
  pushes: Pick<EnabledDefinitions<"MetricsPush">, "read">,
): FindMetricsJobs {
  return async (hostIds) => {
    const found = new Map<number, MetricsJob>();
    const enabled = await pushes.read(db);
    if (enabled.length === 0) return found;
    for (const [id, host] of await definitions.hostsById(db, new Set(hostIds))) {
      const job = metricsJobOf(host, enabled);
      if (job !== undefined) found.set(id, job);
    }
    return found;
  };
}
