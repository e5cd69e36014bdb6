import { parsePerfdata, toBaseUnit } from "@mycloud/checks/plugin-api";
import type { PerfdataAnswer, PerfdataQuery, PerfdataSeries } from "@mycloud/protocol/perfdata";
import type { Executor } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import type { Scope } from "../scope/index.ts";
import { bucketPoints, type Point, planRead, ratesOf } from "./bucket-points.ts";

/** A series on its way into the answer. */
interface Collected extends Omit<PerfdataSeries, "atMs" | "minimum" | "mean" | "maximum"> {
  readonly points: Point[];
}

const defaultIntervalMs = 60_000;
/** At most this many labels are drawn: a plugin with a thousand of them makes no chart. */
const maximumSeries = 200;

/** Reads a service's perfdata over a time range, at most about `points` buckets a label. Throws NotFoundError. */
export async function readPerfdata(
  executor: Executor,
  scope: Scope,
  serviceId: number,
  query: PerfdataQuery,
  nowMs: number,
): Promise<PerfdataAnswer> {
  const service = await findService(executor, scope, serviceId);
  const { fromMs } = query;
  const untilMs = Math.max(query.untilMs, fromMs + 1);
  const intervalMs = service.checkIntervalMs ?? defaultIntervalMs;
  const plan = planRead(fromMs, untilMs, query.points, nowMs, intervalMs);
  const collected =
    plan.source === "raw"
      ? await collectRaw(executor, service, query.label, fromMs, untilMs)
      : await collectRollups(executor, serviceId, query.label, plan.source, fromMs, untilMs);
  const sourceMs = plan.source === "raw" ? intervalMs : plan.source * 1000;
  const gapMs = Math.max(3 * sourceMs, plan.bucketMs * 1.5);
  return {
    serviceId,
    fromMs,
    untilMs,
    resolutionSeconds: Math.max(plan.bucketMs, plan.source === "raw" ? 0 : sourceMs) / 1000,
    gapSeconds: gapMs / 1000,
    series: collected.slice(0, maximumSeries).map((series) => drawn(series, plan.bucketMs, gapMs)),
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

interface ChartedService {
  readonly id: number;
  readonly hostId: number;
  readonly checkIntervalMs: number | null;
}

async function findService(executor: Executor, scope: Scope, id: number): Promise<ChartedService> {
  let query = executor
    .selectFrom("service")
    .innerJoin("host", "host.id", "service.host_id")
    .leftJoin("check_definition", "check_definition.id", "service.check_id")
    .select(["service.host_id", "check_definition.check_interval_seconds"])
    .where("service.id", "=", id);
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const row = await query.executeTakeFirst();
  if (row === undefined) throw new NotFoundError(`there is no service ${id}`);
  const seconds = row.check_interval_seconds;
  return { id, hostId: row.host_id, checkIntervalMs: seconds === null ? null : seconds * 1000 };
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
        warn: item.warn ?? null,
        crit: item.crit ?? null,
        min: item.min ?? null,
        max: item.max ?? null,
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
