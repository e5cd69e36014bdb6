import { parsePerfdata, toBaseUnit } from "@mycloud/checks/plugin-api";
import type { PerfdataSeries } from "@mycloud/protocol/perfdata";
import type { Executor } from "../database/dialect/dialect.ts";
import { type ChartedService, maximumSeries } from "./perfdata-source.ts";
import { seriesBounds } from "./series-bounds.ts";

/** What a series is, besides its values. */
export type KnownLabel = Omit<PerfdataSeries, "atMs" | "minimum" | "mean" | "maximum">;

/**
 * The labels that a service is known to have, with their units and last thresholds: of its present state, and of rollups for those that it had before. A store
 * of samples keeps neither units nor thresholds.
 */
export async function findKnownLabels(
  executor: Executor,
  service: Pick<ChartedService, "id">,
  label: string | undefined,
): Promise<KnownLabel[]> {
  const known = new Map<string, KnownLabel>();
  let rolledUp = executor.selectFrom("perfdata_label").selectAll().where("service_id", "=", service.id);
  if (label !== undefined) rolledUp = rolledUp.where("label", "=", label);
  for (const { label: name, unit, warn, crit, min, max } of await rolledUp
    .orderBy("id")
    .limit(maximumSeries)
    .execute()) {
    known.set(name, { label: name, unit, warn, crit, min, max });
  }
  const state = await executor
    .selectFrom("service_state")
    .select("perfdata")
    .where("service_id", "=", service.id)
    .executeTakeFirst();
  for (const item of parsePerfdata(state?.perfdata ?? "").perfdata) {
    if (item.value === null || (label !== undefined && item.label !== label)) continue;
    const { unit } = toBaseUnit(item.value, item.unit);
    known.set(item.label, { label: item.label, unit, ...seriesBounds(item) });
  }
  return [...known.values()].slice(0, maximumSeries);
}
