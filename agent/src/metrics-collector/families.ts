import type { MetricFamily, MetricLabels, MetricSample, MetricType } from "@mycloud/protocol/exposition";

interface GrowingFamily extends MetricFamily {
  readonly samples: MetricSample[];
}

const noLabels: MetricLabels = {};

/** Gathers samples to families, in the order of their first samples. */
export class Families {
  readonly #byName = new Map<string, GrowingFamily>();

  counter(name: string, help: string, value: number, labels: MetricLabels = noLabels): void {
    this.#add("counter", name, help, value, labels);
  }

  gauge(name: string, help: string, value: number, labels: MetricLabels = noLabels): void {
    this.#add("gauge", name, help, value, labels);
  }

  untyped(name: string, help: string, value: number, labels: MetricLabels = noLabels): void {
    this.#add("untyped", name, help, value, labels);
  }

  /** The same family, where the file has the value. */
  gaugeIf(name: string, help: string, value: number | undefined, labels: MetricLabels = noLabels): void {
    if (value !== undefined) this.#add("gauge", name, help, value, labels);
  }

  counterIf(name: string, help: string, value: number | undefined, labels: MetricLabels = noLabels): void {
    if (value !== undefined) this.#add("counter", name, help, value, labels);
  }

  list(): MetricFamily[] {
    return [...this.#byName.values()];
  }

  #add(type: MetricType, name: string, help: string, value: number, labels: MetricLabels): void {
    let family = this.#byName.get(name);
    if (family === undefined) {
      family = { name, help, type, samples: [] };
      this.#byName.set(name, family);
    }
    family.samples.push({ name, labels, value });
  }
}
