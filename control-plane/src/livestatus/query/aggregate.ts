import type { Column, Value } from "../column/index.ts";
import { compileFilter, type FilterOptions, type Predicate } from "../filter/index.ts";
import type { Aggregation, Stat } from "../request/index.ts";
import type { QueryContext } from "./context.ts";

/** Collects one figure over the rows of a group. */
export interface Aggregator<Row> {
  take(row: Row, context: QueryContext): void;
  result(): number | null;
}

/** Makes new aggregators of one Stats line. Throws RequestError for what does not fit. */
export function compileStat<Row>(stat: Stat, options: FilterOptions<Row>): () => Aggregator<Row> {
  if (stat.kind === "count") {
    const passes = compileFilter(stat.filter, options);
    return () => counter(passes);
  }
  const column = options.columnOf(stat.column);
  return () => aggregator(stat.kind, column);
}

function counter<Row>(passes: Predicate<Row>): Aggregator<Row> {
  let count = 0;
  return {
    take(row, context) {
      if (passes(row, context)) count++;
    },
    result: () => count,
  };
}

function aggregator<Row>(kind: Aggregation, { read }: Column<Row>): Aggregator<Row> {
  const isInverse = kind === "suminv" || kind === "avginv";
  let count = 0;
  let sum = 0;
  let squares = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  return {
    take(row, context) {
      const number = numberOf(read(row, context));
      const value = isInverse ? 1 / number : number;
      count++;
      sum += value;
      squares += value * value;
      if (value < least) least = value;
      if (value > most) most = value;
    },
    result() {
      switch (kind) {
        case "sum":
        case "suminv":
          return finite(sum);
        case "min":
          return count === 0 ? 0 : finite(least);
        case "max":
          return count === 0 ? 0 : finite(most);
        case "avg":
        case "avginv":
          return count === 0 ? 0 : finite(sum / count);
        case "std":
          // Of a sample, as icinga2 and naemon have it.
          return count < 2 ? 0 : finite(Math.sqrt(Math.max(0, (squares - (sum * sum) / count) / (count - 1))));
      }
    },
  };
}

/** What is no number (1/0) has no digits in any output format. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Texts and lists count as 0. */
function numberOf(value: Value): number {
  return typeof value === "number" ? value : 0;
}
