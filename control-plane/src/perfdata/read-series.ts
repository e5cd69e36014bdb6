import type { PerfdataAnswer, PerfdataQuery } from "@mycloud/protocol/perfdata";
import type { Executor } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import type { Scope } from "../scope/index.ts";
import { planRead } from "./bucket-points.ts";
import type { ChartedService, PerfdataSource } from "./perfdata-source.ts";

const defaultIntervalMs = 60_000;
/** So many results show how far they usually are apart. */
const latestResults = 21;

/** Who asks, and for what. */
export interface ReadPerfdataRequest {
  readonly scope: Scope;
  readonly serviceId: number;
  readonly query: PerfdataQuery;
  readonly signal: AbortSignal;
}

/** Reads a service's perfdata over a time range, at most about `points` buckets a label. Throws NotFoundError, and what the source throws. */
export async function readPerfdata(
  executor: Executor,
  source: PerfdataSource,
  { scope, serviceId, query, signal }: ReadPerfdataRequest,
  nowMs: number,
): Promise<PerfdataAnswer> {
  const service = await findService(executor, scope, serviceId);
  const { fromMs, label } = query;
  const untilMs = Math.max(query.untilMs, fromMs + 1);
  const { intervalMs } = service;
  const plan = planRead(fromMs, untilMs, query.points, nowMs, intervalMs);
  const sourceMs = plan.source === "raw" ? intervalMs : plan.source * 1000;
  const gapMs = Math.max(3 * sourceMs, plan.bucketMs * 1.5);
  return {
    serviceId,
    fromMs,
    untilMs,
    resolutionSeconds: Math.max(plan.bucketMs, plan.source === "raw" ? 0 : sourceMs) / 1000,
    gapSeconds: gapMs / 1000,
    series: [...(await source.read({ service, label, fromMs, untilMs, plan, gapMs, signal }))],
  };
}

async function findService(executor: Executor, scope: Scope, id: number): Promise<ChartedService> {
  let query = executor
    .selectFrom("service")
    .innerJoin("host", "host.id", "service.host_id")
    .leftJoin("check_definition", "check_definition.id", "service.check_id")
    .select(["service.name", "service.host_id", "host.name as host_name", "check_definition.check_interval_seconds"])
    .where("service.id", "=", id);
  if (scope.kind === "customer") query = query.where("host.customer", "=", scope.customer);
  const row = await query.executeTakeFirst();
  if (row === undefined) throw new NotFoundError(`there is no service ${id}`);
  const configuredMs = (row.check_interval_seconds ?? 0) * 1000;
  const seenMs = await usualDistance(executor, row.host_id, id);
  return {
    id,
    name: row.name,
    hostId: row.host_id,
    hostName: row.host_name,
    intervalMs: Math.max(configuredMs, seenMs) || defaultIntervalMs,
  };
}

/** Milliseconds between the latest results of a service, their median: only who sends passive results knows how often. 0 where there are too few. */
async function usualDistance(executor: Executor, hostId: number, serviceId: number): Promise<number> {
  const rows = await executor
    .selectFrom("check_result")
    .select("checked_at_ms")
    .where("host_id", "=", hostId)
    .where("service_id", "=", serviceId)
    .orderBy("checked_at_ms", "desc")
    .limit(latestResults)
    .execute();
  const distances = rows.slice(1).map((row, index) => (rows[index]?.checked_at_ms ?? 0) - row.checked_at_ms);
  return distances.toSorted((a, b) => a - b)[distances.length >> 1] ?? 0;
}
