import { matchesService, ServiceSelector } from "@mycloud/protocol/selector";
import type { Executor } from "../database/dialect/dialect.ts";
import { spanOfAll } from "../downtime/downtime-effect.ts";
import type { MonitoredHost } from "../monitored/index.ts";
import type { TimeSpan } from "./overlay-spans.ts";

/** Finds the times in downtime of a host (`serviceName` null) or service. */
export type FindDowntimeSpans = (
  host: MonitoredHost,
  serviceId: number | null,
  serviceName: string | null,
) => TimeSpan[];

interface FixedSpan extends TimeSpan {
  readonly selector: ServiceSelector;
  readonly customer: string | null;
}

/**
 * Reads the downtimes that touch a range: past ones, cancelled ones until they were cancelled, and those of flexible ones that began for an object. A
 * service is in downtime while its host is, as in Nagios. Who is covered follows from today's selectors, groups and labels.
 */
export async function readDowntimeSpans(
  executor: Executor,
  fromMs: number,
  untilMs: number,
): Promise<FindDowntimeSpans> {
  const rows = await executor
    .selectFrom("downtime")
    .selectAll()
    .where("start_at_ms", "<", untilMs)
    .where((eb) => eb.or([eb("end_at_ms", ">", fromMs), eb("triggered_at_ms", "is not", null)]))
    .orderBy("id")
    .execute();
  const fixed = rows.flatMap((row): FixedSpan[] => {
    const span = spanOfAll({
      startAtMs: row.start_at_ms,
      endAtMs: row.end_at_ms,
      isFixed: row.is_fixed === 1,
      durationSeconds: row.duration_seconds,
      triggeredById: row.triggered_by_id,
      triggeredAtMs: row.triggered_at_ms,
      activations: new Map(),
    });
    if (span === null) return [];
    // A downtime that was planned for a time already past kept nothing quiet then, and still says that the time was agreed.
    const endMs = Math.min(span.untilMs, row.cancelled_at_ms ?? span.untilMs);
    if (endMs <= fromMs || span.fromMs >= untilMs || endMs <= span.fromMs) return [];
    const selector = ServiceSelector.parse(JSON.parse(row.selector_json));
    return [{ fromMs: span.fromMs, untilMs: endMs, selector, customer: row.customer }];
  });
  const activations = await executor
    .selectFrom("downtime_activation")
    .select(["host_id", "service_id", "started_at_ms", "ends_at_ms", "ended_at_ms"])
    .where("started_at_ms", "<", untilMs)
    .where("ends_at_ms", ">", fromMs)
    .execute();
  const byObject = Map.groupBy(activations, (row) => keyOf(row.host_id, row.service_id));
  const activated = (hostId: number, serviceId: number | null): TimeSpan[] =>
    (byObject.get(keyOf(hostId, serviceId)) ?? []).map((row) => ({
      fromMs: row.started_at_ms,
      untilMs: Math.min(row.ends_at_ms, row.ended_at_ms ?? row.ends_at_ms),
    }));
  return (host, serviceId, serviceName) => {
    const covering = fixed.filter(
      ({ selector, customer }) =>
        (customer === null || customer === host.customer) &&
        (matchesService(selector, host, undefined) ||
          (serviceName !== null && matchesService(selector, host, serviceName))),
    );
    return [...covering, ...activated(host.id, null), ...(serviceId === null ? [] : activated(host.id, serviceId))];
  };
}

function keyOf(hostId: number, serviceId: number | null): string {
  return serviceId === null ? `h${hostId}` : `s${serviceId}`;
}
