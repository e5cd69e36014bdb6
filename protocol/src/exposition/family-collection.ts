import { FaultyExposition } from "./exposition-fault.ts";
import type { MetricFamily, MetricSample, MetricType } from "./metric-family.ts";

interface Gathered {
  readonly name: string;
  help: string | undefined;
  type: MetricType | undefined;
  readonly samples: MetricSample[];
}

/** Puts what an exposition says, line by line, together to families. Its methods throw FaultyExposition. */
export class FamilyCollection {
  readonly #mayInterleave: boolean;
  readonly #families = new Map<string, Gathered>();
  /** The names of samples that belong to a histogram or summary of another name. */
  readonly #parts = new Map<string, Gathered>();
  readonly #series = new Set<string>();
  #current: Gathered | undefined;

  constructor(mayInterleave: boolean) {
    this.#mayInterleave = mayInterleave;
  }

  setHelp(name: string, help: string, line: number): void {
    const family = this.#enter(name, line);
    if (family.help !== undefined) throw new FaultyExposition(line, name, "one HELP line for a metric");
    family.help = help;
  }

  setType(name: string, type: MetricType, line: number): void {
    const family = this.#enter(name, line);
    if (family.type !== undefined) throw new FaultyExposition(line, name, "one TYPE line for a metric");
    if (family.samples.length > 0) throw new FaultyExposition(line, name, "the TYPE line above the metric's samples");
    family.type = type;
    for (const suffix of suffixes(type)) {
      if (this.#families.has(name + suffix) || this.#parts.has(name + suffix)) {
        throw new FaultyExposition(line, name, `no other metric named ${name}${suffix}`);
      }
      this.#parts.set(name + suffix, family);
    }
  }

  add(sample: MetricSample, line: number): void {
    const family = this.#familyOf(sample.name, line);
    checkPart(family, sample, line);
    const series = seriesKey(sample);
    if (this.#series.has(series)) throw new FaultyExposition(line, series, "each series once");
    this.#series.add(series);
    family.samples.push(sample);
  }

  list(): MetricFamily[] {
    return [...this.#families.values()]
      .filter(({ samples }) => samples.length > 0)
      .map(({ name, help, type, samples }) => ({ name, help: help ?? "", type: type ?? "untyped", samples }));
  }

  #familyOf(name: string, line: number): Gathered {
    if (this.#current?.name === name) return this.#current;
    const whole = this.#parts.get(name);
    return whole === undefined ? this.#enter(name, line) : this.#enter(whole.name, line);
  }

  #enter(name: string, line: number): Gathered {
    if (this.#current?.name === name) return this.#current;
    let family = this.#families.get(name);
    if (family === undefined) {
      if (this.#parts.has(name))
        throw new FaultyExposition(line, name, "a name that is no part of a histogram or summary");
      family = { name, help: undefined, type: undefined, samples: [] };
      this.#families.set(name, family);
    } else if (!this.#mayInterleave) {
      throw new FaultyExposition(line, name, "all lines of a metric in one group");
    }
    this.#current = family;
    return family;
  }
}

function suffixes(type: MetricType): readonly string[] {
  if (type === "histogram") return ["_bucket", "_sum", "_count"];
  return type === "summary" ? ["_sum", "_count"] : [];
}

/** Histograms have buckets with `le`, summaries have quantiles. */
function checkPart({ name, type }: Gathered, sample: MetricSample, line: number): void {
  if (type === "histogram" && sample.name === name) {
    throw new FaultyExposition(line, name, `${name}_bucket, ${name}_sum or ${name}_count of the histogram`);
  }
  if (type === "histogram" && sample.name === `${name}_bucket` && !Object.hasOwn(sample.labels, "le")) {
    throw new FaultyExposition(line, sample.name, "the label le on a histogram's bucket");
  }
  if (type === "summary" && sample.name === name && !Object.hasOwn(sample.labels, "quantile")) {
    throw new FaultyExposition(line, sample.name, "the label quantile on a summary's sample");
  }
}

/** Equal for samples of one series, whatever the order of their labels. */
function seriesKey({ name, labels }: MetricSample): string {
  const names = Object.keys(labels);
  if (names.length === 0) return name;
  if (names.length > 1) names.sort();
  return `${name}${JSON.stringify(names.map((label) => [label, labels[label]]))}`;
}
