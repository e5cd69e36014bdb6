import type { MetricFamily, MetricSample } from "@mycloud/protocol/exposition";

export type MergedFamilies = { readonly families: readonly MetricFamily[] } | { readonly fault: string };

/**
 * Adds families to others: a name occurs once, with one type, and no series twice. The fault names the first contradiction;
 * then nothing of what was to be added may be used. Pure.
 */
export function mergeFamilies(known: readonly MetricFamily[], added: readonly MetricFamily[]): MergedFamilies {
  const byName = new Map(known.map((family) => [family.name, family]));
  for (const family of added) {
    const present = byName.get(family.name);
    if (present === undefined) {
      byName.set(family.name, family);
      continue;
    }
    if (present.type !== family.type)
      return { fault: `${family.name} has the type ${family.type}, elsewhere ${present.type}` };
    const series = new Set(present.samples.map(seriesOf));
    const double = family.samples.find((sample) => series.has(seriesOf(sample)));
    if (double !== undefined) return { fault: `${double.name} with the same labels is told elsewhere` };
    byName.set(family.name, { ...present, samples: [...present.samples, ...family.samples] });
  }
  return { families: [...byName.values()] };
}

function seriesOf({ name, labels }: MetricSample): string {
  // A label that is empty is no label.
  const pairs = Object.entries(labels).filter(([, value]) => value !== "");
  return JSON.stringify([name, ...pairs.sort(([left], [right]) => (left < right ? -1 : 1))]);
}
