import { ServiceSelector } from "@mycloud/protocol/selector";
import { sql } from "kysely";
import type { Executor } from "../database/dialect/dialect.ts";
import { type LiveDowntime, lastEffectMs, objectKeyOf, type Span } from "./downtime-effect.ts";

/**
 * The downtimes that are neither cancelled nor over, coming ones included, oldest first; with what flexible ones began for. For decisions,
 * lists and Livestatus alike.
 */
export async function loadLiveDowntimes(executor: Executor, nowMs: number): Promise<LiveDowntime[]> {
  const rows = await executor
    .selectFrom("downtime")
    .selectAll()
    .where("cancelled_at_ms", "is", null)
    // Its triggers' and objects' spans may go on after the end of the window.
    .where(sql<boolean>`end_at_ms + (1 - is_fixed) * 1000 * coalesce(duration_seconds, 0) > ${nowMs}`)
    .orderBy("id")
    .execute();
  const activations = rows.some((row) => row.is_fixed === 0) ? await loadActivations(executor) : new Map();
  return rows
    .map((row) => ({
      id: row.id,
      selector: ServiceSelector.parse(JSON.parse(row.selector_json)),
      startAtMs: row.start_at_ms,
      endAtMs: row.end_at_ms,
      comment: row.comment,
      authorName: row.author_name,
      customer: row.customer,
      isFixed: row.is_fixed === 1,
      durationSeconds: row.duration_seconds,
      triggeredById: row.triggered_by_id,
      triggeredAtMs: row.triggered_at_ms,
      activations: activations.get(row.id) ?? noActivations,
    }))
    .filter((downtime) => lastEffectMs(downtime) > nowMs);
}

const noActivations: ReadonlyMap<string, Span> = new Map();

async function loadActivations(executor: Executor): Promise<Map<number, Map<string, Span>>> {
  const rows = await executor
    .selectFrom("downtime_activation as activation")
    .innerJoin("downtime", "downtime.id", "activation.downtime_id")
    .innerJoin("host", "host.id", "activation.host_id")
    .leftJoin("service", "service.id", "activation.service_id")
    .select(["activation.downtime_id", "activation.started_at_ms", "activation.ends_at_ms"])
    .select(["host.name as host_name", "service.name as service_name"])
    .where("downtime.ended_at_ms", "is", null)
    .execute();
  const byDowntime = new Map<number, Map<string, Span>>();
  for (const row of rows) {
    const of = byDowntime.get(row.downtime_id) ?? new Map();
    byDowntime.set(row.downtime_id, of);
    const span = { fromMs: row.started_at_ms, untilMs: row.ends_at_ms };
    of.set(objectKeyOf(row.host_name, row.service_name), span);
  }
  return byDowntime;
}
