import { writeLabels } from "@mycloud/protocol/exposition";
import { perfdataUnit } from "@mycloud/protocol/perfdata-metric";
import { perfdataPrefix } from "../perfdata-write/perfdata-samples.ts";
import type { RangeQuery } from "./metrics-server.ts";
import type { PerfdataRequest } from "./perfdata-source.ts";

/** What is asked of the server for the labels of one unit. */
export interface PlannedQueries {
  readonly mean: RangeQuery;
  /** Left out where every point is one value. */
  readonly extremes?: { readonly minimum: RangeQuery; readonly maximum: RangeQuery };
  /** Where on the chart an answer's instant lies. */
  readonly toAtMs: (answeredAtMs: number) => number;
}

type Asked = Pick<PerfdataRequest, "service" | "label" | "fromMs" | "untilMs" | "plan" | "gapMs">;

/** Prometheus refuses more than 11,000 points a series. */
const mostPoints = 10_000;
/** Instants within one bucket at which a counter's rate is taken. */
const ratesPerBucket = 20;

/**
 * Plans queries whose answers are the chart's own buckets: [b, b + width) is what a window of that width sees that ends a millisecond before b + width.
 * Without buckets windows of half the usual distance of results hold one value each, or none. Pure.
 */
export function planQueries({ service, label, fromMs, untilMs, plan, gapMs }: Asked, unit: string): PlannedQueries {
  const { suffix, type } = perfdataUnit(unit);
  const labels = { host: service.hostName, service: service.name, ...(label === undefined ? {} : { label }) };
  const series = `${perfdataPrefix}_${suffix}${writeLabels(labels)}`;
  const isCounter = type === "counter";
  const { intervalMs } = service;
  const finestMs = roundUp(isCounter ? intervalMs : intervalMs / 2, 1000);
  const widthMs =
    plan.bucketMs > 0 ? plan.bucketMs : Math.max(finestMs, roundUp((untilMs - fromMs) / mostPoints, 1000));
  const first = Math.floor(fromMs / widthMs) * widthMs + widthMs - 1;
  const last = Math.floor((untilMs - 1) / widthMs) * widthMs + widthMs - 1;
  const ask = (query: string): RangeQuery => ({ query, startMs: first, endMs: last, stepMs: widthMs });
  const window = `[${widthMs}ms]`;
  // Two readings are within reach although one is a little late; over a gap there is no rate.
  const rate = `irate(${series}[${Math.round(Math.min(2.2 * intervalMs, gapMs))}ms])`;
  if (plan.bucketMs === 0) {
    const value = isCounter ? `${rate} and count_over_time(${series}${window})` : `avg_over_time(${series}${window})`;
    return {
      mean: ask(`max by (label) (${value})`),
      toAtMs: (at) => (isCounter ? at + 1 : at + 1 - Math.round(widthMs / 2)),
    };
  }
  const everyMs = Math.max(intervalMs, roundUp(widthMs / ratesPerBucket, 1000));
  const over = isCounter ? `${rate}[${widthMs}ms:${everyMs}ms]` : `${series}${window}`;
  return {
    mean: ask(`avg by (label) (avg_over_time(${over}))`),
    extremes: {
      minimum: ask(`min by (label) (min_over_time(${over}))`),
      maximum: ask(`max by (label) (max_over_time(${over}))`),
    },
    toAtMs: (at) => at + 1 - widthMs,
  };
}

function roundUp(value: number, unit: number): number {
  return Math.max(1, Math.ceil(value / unit)) * unit;
}
