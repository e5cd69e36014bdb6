import type { PerfdataSeries } from "@mycloud/protocol/perfdata";
import { type AlertZone, zoneEdges } from "./threshold.ts";

/** Columns as uPlot takes them: seconds, then minimum, mean and maximum with null where nothing was measured. */
export type ChartColumns = [number[], (number | null)[], (number | null)[], (number | null)[]];

type Samples = Pick<PerfdataSeries, "atMs" | "minimum" | "mean" | "maximum">;

/**
 * Lays a series out for drawing. A pause longer than `gapSeconds` becomes a null right after the last value before it, so that the line
 * breaks there: no data is a gap, never a straight line between its ends.
 */
export function chartColumns(samples: Samples, gapSeconds: number): ChartColumns {
  const columns: ChartColumns = [[], [], [], []];
  let previousMs: number | undefined;
  samples.atMs.forEach((atMs, index) => {
    if (previousMs !== undefined && atMs - previousMs > gapSeconds * 1000) {
      columns[0].push((previousMs + atMs) / 2000);
      columns[1].push(null);
      columns[2].push(null);
      columns[3].push(null);
    }
    columns[0].push(atMs / 1000);
    columns[1].push(samples.minimum[index] ?? null);
    columns[2].push(samples.mean[index] ?? null);
    columns[3].push(samples.maximum[index] ?? null);
    previousMs = atMs;
  });
  return columns;
}

/** How far a chart's value axis reaches. */
export interface ValueRange {
  readonly from: number;
  readonly to: number;
}

/** Thresholds that lie beyond the axis, on either side. */
export interface EdgesBeyond {
  readonly above: readonly number[];
  readonly below: readonly number[];
}

/** Which of some thresholds an axis does not reach. Pure. */
export function edgesBeyond(edges: readonly number[], { from, to }: ValueRange): EdgesBeyond {
  return { above: edges.filter((edge) => edge > to), below: edges.filter((edge) => edge < from) };
}

/**
 * Chooses the value axis. A threshold joins it when the values still fill a quarter of the height; one farther off would press the line
 * flat and is named at the edge instead. Starts at zero unless values lie below it or far from it.
 */
export function valueRange(samples: Samples, zones: readonly AlertZone[]): ValueRange {
  const lowest = Math.min(...finite(samples.minimum));
  const highest = Math.max(...finite(samples.maximum));
  const edges = zoneEdges(zones);
  if (!Number.isFinite(lowest) || !Number.isFinite(highest)) {
    return { from: Math.min(0, ...edges), to: Math.max(1, ...edges) };
  }
  const isNearZero = lowest >= 0 && lowest <= (highest - lowest) * 4;
  // One value all the time lies in the middle, not on the frame.
  const aside = highest === lowest ? Math.max(Math.abs(highest) * 0.1, 1e-9) : 0;
  let from = isNearZero ? 0 : lowest - aside;
  let to = highest + aside;
  const reach = (to - from) * 4;
  for (const edge of edges) {
    if (edge >= from && edge <= to) continue;
    if (edge > to && edge - from <= reach) to = edge;
    else if (edge < from && to - edge <= reach) from = edge;
  }
  const margin = (to - from) * 0.06;
  return { from: from === 0 ? 0 : from - margin, to: to + margin };
}

function finite(values: readonly number[]): number[] {
  return values.filter(Number.isFinite);
}
