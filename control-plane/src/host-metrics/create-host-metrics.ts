import { Counter } from "prom-client";
import { EnabledDefinitions } from "../definition/index.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Core, Part } from "../part.ts";
import type { RemoteWrites } from "../remote-write/index.ts";
import { runEvery } from "../schedule/index.ts";
import { endStaleSeries } from "./end-stale-series.ts";
import { createMetricsJobFinder, type FindMetricsJobs } from "./metrics-job.ts";
import { createHostMetricsRoutes } from "./routes.ts";

/** What agents push, wired. */
export interface HostMetricsPart {
  readonly part: Part;
  readonly findJobs: FindMetricsJobs;
}

const lookEveryMs = 5_000;
/** After our own outage agents first send what they kept: nobody's series end before that. */
const graceAfterStartMs = 120_000;

/** Wires pushes, what is exposed of them, and their ends. */
export function createHostMetrics(
  { database, sealer, changes, leases, registry, logger, now }: Core,
  { definitions, remoteWrites }: { readonly definitions: DefinitionCache; readonly remoteWrites: RemoteWrites },
): HostMetricsPart {
  const enabled = new EnabledDefinitions("MetricsPush", sealer);
  changes.subscribe((type) => {
    if (type === "definitions") enabled.forget();
  });
  const findJobs = createMetricsJobFinder(database, definitions, enabled);
  const pushes = new Counter({
    name: "mycloud_metrics_pushes_total",
    help: "Metrics that agents pushed.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const deps = { database, definitions, findJobs, remoteWrites, now };
  let looking: ReturnType<typeof runEvery> | undefined;
  return {
    findJobs,
    part: {
      name: "host-metrics",
      routes: createHostMetricsRoutes({ ...deps, pushes }),
      async start() {
        const startedAtMs = now();
        const job = async (stopping: AbortSignal) => {
          if (now() < startedAtMs + graceAfterStartMs) return;
          await leases.runLeased("host-metrics", 60_000, async (lost) => {
            await endStaleSeries(deps, now(), AbortSignal.any([lost, stopping]));
          });
        };
        looking = runEvery({ name: "host-metrics", intervalMs: lookEveryMs, job, logger });
      },
      stop: async () => looking?.stop(),
    },
  };
}
