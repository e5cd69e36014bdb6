/** The types of Prometheus' text format 0.0.4. */
export type MetricType = "counter" | "gauge" | "histogram" | "summary" | "untyped";

/** Label names match [a-zA-Z_][a-zA-Z0-9_]*; values are any text. */
export type MetricLabels = Readonly<Record<string, string>>;

/** One line of an exposition. `name` differs from the family's for `_bucket`, `_sum` and `_count`. */
export interface MetricSample {
  readonly name: string;
  readonly labels: MetricLabels;
  /** NaN and the infinities are values. */
  readonly value: number;
  /** Milliseconds since the epoch; left out where the scrape's own time holds. */
  readonly atMs?: number;
}

/** Samples that share a name, a type and a help text; a name occurs once in an exposition. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly samples: readonly MetricSample[];
}
