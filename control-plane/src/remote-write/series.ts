import type { MetricLabels } from "@mycloud/protocol/exposition";

/** Says that a series has ended: Prometheus' stale marker, a NaN of certain bits. */
export const hasEnded = Symbol("this series has ended");

/** One value of one series, on its way to a store. */
export interface WrittenSample {
  readonly name: string;
  readonly labels: MetricLabels;
  readonly value: number | typeof hasEnded;
  readonly atMs: number;
}

/** Longer values are cut; Prometheus takes any length, Mimir 2,048. */
const longestValue = 2_000;

/**
 * A series' labels as remote write wants them: `__name__` among them, sorted by name, none empty. The sample's own labels go before `added`, label by
 * label. Names that Prometheus would refuse are mended. Pure.
 */
export function writtenLabels(
  { name, labels }: Pick<WrittenSample, "name" | "labels">,
  added: MetricLabels,
): (readonly [name: string, value: string])[] {
  const all = new Map<string, string>();
  for (const each in added) put(all, each, added[each] ?? "");
  for (const each in labels) put(all, each, labels[each] ?? "");
  all.set("__name__", mendMetricName(name));
  return [...all].filter(([, value]) => value !== "").sort(([a], [b]) => (a < b ? -1 : 1));
}

function put(all: Map<string, string>, name: string, value: string): void {
  all.set(mendLabelName(name), value.length > longestValue ? value.slice(0, longestValue) : value);
}

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** A label name of any text: what is not allowed becomes an underscore. Pure. */
export function mendLabelName(text: string): string {
  if (labelName.test(text)) return text;
  const mended = text.replace(/[^a-zA-Z0-9_]/g, "_");
  return /^[0-9]/.test(mended) || mended === "" ? `_${mended}` : mended;
}

function mendMetricName(text: string): string {
  if (metricName.test(text)) return text;
  const mended = text.replace(/[^a-zA-Z0-9_:]/g, "_");
  return /^[0-9]/.test(mended) || mended === "" ? `_${mended}` : mended;
}
