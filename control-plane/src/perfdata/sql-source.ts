import { parsePerfdata, toBaseUnit } from "@mycloud/checks/plugin-api";
import type { PerfdataSeries } from "@mycloud/protocol/perfdata";
import type { Executor } from "../database/dialect/dialect.ts";
import { bucketPoints, type Point, ratesOf } from "./bucket-points.ts";
import { type ChartedService, maximumSeries, type PerfdataSource } from "./perfdata-source.ts";
import { seriesBounds } from "./series-bounds.ts";

/** A series on its way into the answer. */
interface Collected extends Omit<PerfdataSeries, "atMs" | "minimum" | "mean" | "maximum"> {
  readonly points: Point[];
}

/** Reads perfdata from stored results, and from rollups where those are gone. */
export function createSqlSource(executor: Executor): PerfdataSource {
  return {
    async read({ service, label, fromMs, untilMs, plan, gapMs }) {
      const collected =
        plan.source === "raw"
          ? await collectRaw(executor, service, label, fromMs, untilMs)
          : await collectRollups(executor, service.id, label, plan.source, fromMs, untilMs);
      return collected.slice(0, maximumSeries).map((series) => drawn(series, plan.bucketMs, gapMs));
    },
  };
}

function drawn({ points, ...series }: Collected, bucketMs: number, gapMs: number): PerfdataSeries {
  const isCounter = series.unit === "c";
  const measured = isCounter ? ratesOf(points, gapMs) : points;
  const buckets = bucketMs === 0 ? measured : bucketPoints(measured, bucketMs);
  return {
    ...series,
    // Thresholds and bounds of a counter are about its reading, not about the rate that is drawn.
    ...(isCounter ? { unit: "/s", warn: null, crit: null, min: null, max: null } : {}),
    atMs: buckets.map((bucket) => bucket.atMs),
    minimum: buckets.map((bucket) => bucket.min),
    mean: buckets.map((bucket) => bucket.sum / bucket.count),
    maximum: buckets.map((bucket) => bucket.max),
  };
}

async function collectRaw(
  executor: Executor,
  service: ChartedService,
  label: string | undefined,
  fromMs: number,
  untilMs: number,
): Promise<Collected[]> {
  const rows = await executor
    .selectFrom("check_result")
    .select(["checked_at_ms", "perfdata"])
    .where("host_id", "=", service.hostId)
    .where("service_id", "=", service.id)
    .where("checked_at_ms", ">=", fromMs)
    .where("checked_at_ms", "<", untilMs)
    .orderBy("checked_at_ms")
    .execute();
  const byLabel = new Map<string, Collected>();
  for (const row of rows) {
    for (const item of parsePerfdata(row.perfdata).perfdata) {
      if (item.value === null || (label !== undefined && item.label !== label)) continue;
      const { value, unit } = toBaseUnit(item.value, item.unit);
      const series = {
        label: item.label,
        unit,
        ...seriesBounds(item),
        points: byLabel.get(item.label)?.points ?? [],
      };
      series.points.push({ atMs: row.checked_at_ms, count: 1, sum: value, min: value, max: value });
      byLabel.set(item.label, series);
    }
  }
  return [...byLabel.values()];
}

async function collectRollups(
  executor: Executor,
  serviceId: number,
  label: string | undefined,
  resolutionSeconds: number,
  fromMs: number,
  untilMs: number,
): Promise<Collected[]> {
  let labels = executor.selectFrom("perfdata_label").selectAll().where("service_id", "=", serviceId);
  if (label !== undefined) labels = labels.where("label", "=", label);
  const known = await labels.orderBy("id").limit(maximumSeries).execute();
  if (known.length === 0) return [];
  const byId = new Map<number, Collected>();
  for (const { id, label: name, unit, warn, crit, min, max } of known) {
    byId.set(id, { label: name, unit, warn, crit, min, max, points: [] });
  }
  const rows = await executor
    .selectFrom("perfdata_rollup")
    .select(["label_id", "bucket_at_ms", "count", "sum", "min", "max"])
    .where("label_id", "in", [...byId.keys()])
    .where("resolution_seconds", "=", resolutionSeconds)
    .where("bucket_at_ms", ">=", Math.floor(fromMs / (resolutionSeconds * 1000)) * resolutionSeconds * 1000)
    .where("bucket_at_ms", "<", untilMs)
    .orderBy("bucket_at_ms")
    .execute();
  for (const { label_id: id, bucket_at_ms: atMs, count, sum, min, max } of rows) {
    byId.get(id)?.points.push({ atMs, count, sum, min, max });
  }
  return [...byId.values()].filter((series) => series.points.length > 0);
}
