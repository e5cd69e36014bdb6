import type { PerfdataSeries } from "@mycloud/protocol/perfdata";
import { perfdataUnit } from "@mycloud/protocol/perfdata-metric";
import type { Executor } from "../database/dialect/dialect.ts";
import { findKnownLabels, type KnownLabel } from "./known-labels.ts";
import type { MetricsServer, RangeQuery, RangeSeries } from "./metrics-server.ts";
import { maximumSeries, type PerfdataRequest, type PerfdataSource } from "./perfdata-source.ts";
import { planQueries } from "./range-query.ts";

/** Reads perfdata that remote write wrote from a Prometheus-compatible server. Labels, units and thresholds are ours. */
export function createMetricsSource(executor: Executor, server: MetricsServer): PerfdataSource {
  return {
    async read(request) {
      const known = await findKnownLabels(executor, request.service, request.label);
      const units = Map.groupBy(known, ({ unit }) => perfdataUnit(unit).suffix);
      const found = await Promise.all([...units.values()].map((labels) => readUnit(server, request, labels)));
      const byLabel = new Map(found.flat().map((series) => [series.label, series]));
      return known.flatMap(({ label }) => byLabel.get(label) ?? []).slice(0, maximumSeries);
    },
  };
}

async function readUnit(
  server: MetricsServer,
  request: PerfdataRequest,
  labels: readonly KnownLabel[],
): Promise<PerfdataSeries[]> {
  const planned = planQueries(request, labels[0]?.unit ?? "");
  const ask = async (query: RangeQuery) => byLabelOf(await server.queryRange(query, request.signal));
  const [mean, minimum, maximum] = await Promise.all([
    ask(planned.mean),
    planned.extremes && ask(planned.extremes.minimum),
    planned.extremes && ask(planned.extremes.maximum),
  ]);
  return labels.flatMap((known) => {
    const { divisor, type } = perfdataUnit(known.unit);
    const means = mean.get(known.label);
    if (means === undefined || means.size === 0) return [];
    const instants = [...means.keys()].filter((at) => planned.toAtMs(at) < request.untilMs);
    const column = (of: typeof mean | undefined) => instants.map((at) => valueAt(of, known.label, at, means) * divisor);
    // Thresholds and bounds of a counter are about its reading, not about the rate that is drawn.
    const drawn = type === "counter" ? { unit: "/s", warn: null, crit: null, min: null, max: null } : {};
    return [
      {
        ...known,
        ...drawn,
        atMs: instants.map(planned.toAtMs),
        minimum: column(minimum),
        mean: column(mean),
        maximum: column(maximum),
      },
    ];
  });
}

type ByLabel = ReadonlyMap<string, ReadonlyMap<number, number>>;

function byLabelOf(series: readonly RangeSeries[]): ByLabel {
  return new Map(series.map(({ labels, values }) => [labels.label ?? "", new Map(values)]));
}

function valueAt(of: ByLabel | undefined, label: string, at: number, means: ReadonlyMap<number, number>): number {
  return of?.get(label)?.get(at) ?? means.get(at) ?? Number.NaN;
}
