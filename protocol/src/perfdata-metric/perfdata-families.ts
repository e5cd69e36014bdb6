import type { MetricFamily, MetricLabels, MetricSample } from "../exposition/index.ts";
import { type PerfdataUnit, perfdataUnit } from "./perfdata-unit.ts";

/** One measured value in its base unit; null where the plugin could not tell. */
export interface MeasuredPerfdatum {
  readonly label: string;
  readonly value: number | null;
  readonly unit: string;
}

/** The perfdata of the latest result of a host or service. */
export interface PerfdataOfResult {
  /** What tells whose it is, e.g. `{host, service}`. */
  readonly labels: MetricLabels;
  readonly perfdata: readonly MeasuredPerfdatum[];
}

export interface PerfdataFamiliesOptions {
  /** What names begin with: `mycloud_check_perfdata` at an agent, `mycloud_perfdata` at the control plane. */
  readonly prefix: string;
  /** The most series of one result; those behind are left out. */
  readonly maximumPerResult?: number;
  /** The most series of all together. */
  readonly maximumSeries?: number;
}

export interface PerfdataFamilies {
  readonly families: readonly MetricFamily[];
  /** Series that were left out because there were too many. */
  readonly dropped: number;
}

export const defaultMaximumPerResult = 100;
export const defaultMaximumSeries = 20_000;
const longestLabel = 200;

/**
 * Makes metric families of perfdata: one family for each unit, `label` beside the result's own labels, percentages as ratios.
 * A label that occurs twice in a result counts once. Pure; takes time linear in the items.
 */
export function perfdataFamilies(
  results: Iterable<PerfdataOfResult>,
  { prefix, maximumPerResult = defaultMaximumPerResult, maximumSeries = defaultMaximumSeries }: PerfdataFamiliesOptions,
): PerfdataFamilies {
  const byName = new Map<string, MetricFamily & { readonly samples: MetricSample[] }>();
  let series = 0;
  let dropped = 0;
  for (const { labels, perfdata } of results) {
    const seen = new Set<string>();
    for (const { label, value, unit } of perfdata) {
      const shown = label.length > longestLabel ? label.slice(0, longestLabel) : label;
      if (value === null || seen.has(shown)) continue;
      if (seen.size >= maximumPerResult || series >= maximumSeries) {
        dropped++;
        continue;
      }
      seen.add(shown);
      series++;
      const { suffix, type, divisor } = perfdataUnit(unit);
      const name = `${prefix}_${suffix}`;
      let family = byName.get(name);
      if (family === undefined) {
        family = { name, help: helpOf(suffix), type, samples: [] };
        byName.set(name, family);
      }
      family.samples.push({ name, labels: { ...labels, label: shown }, value: value / divisor });
    }
  }
  return { families: [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), dropped };
}

function helpOf(suffix: PerfdataUnit["suffix"]): string {
  const what =
    suffix === "total" ? "counters" : suffix === "value" ? "values without a known unit" : suffix.replaceAll("_", " ");
  return `Perfdata of the latest check results: ${what}.`;
}
