/** A value or several values of one label: at one instant (raw: count 1) or in one rollup bucket. In base units. */
export interface Point {
  readonly atMs: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Puts points into buckets of one width, keeping minimum, sum and maximum, so that a spike of one sample is still there in a chart of a year.
 * Buckets nothing was measured in are absent. `points` in order of time. Pure.
 */
export function bucketPoints(points: readonly Point[], widthMs: number): Point[] {
  const buckets: Point[] = [];
  for (const point of points) {
    const atMs = Math.floor(point.atMs / widthMs) * widthMs;
    const last = buckets.at(-1);
    if (last?.atMs === atMs) buckets[buckets.length - 1] = joinPoints(last, point);
    else buckets.push({ ...point, atMs });
  }
  return buckets;
}

/** Two points as one, at the first one's instant. Pure. */
export function joinPoints(one: Point, other: Point): Point {
  return {
    atMs: one.atMs,
    count: one.count + other.count,
    sum: one.sum + other.sum,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
  };
}

/**
 * Turns readings of a counter into rates per second, each at the instant of the later reading. A reading below the one before means that the
 * counter began anew: that step has no rate. Neither has one over a gap longer than `gapMs`. Pure.
 */
export function ratesOf(readings: readonly Point[], gapMs: number): Point[] {
  const rates: Point[] = [];
  let before: Point | undefined;
  for (const reading of readings) {
    const seconds = before === undefined ? 0 : (reading.atMs - before.atMs) / 1000;
    if (before !== undefined && seconds > 0 && seconds * 1000 <= gapMs && reading.max >= before.max) {
      const rate = (reading.max - before.max) / seconds;
      rates.push({ atMs: reading.atMs, count: 1, sum: rate, min: rate, max: rate });
    }
    before = reading;
  }
  return rates;
}

/** How a time range is read. */
export interface ReadPlan {
  /** `raw` parses stored results; 60 and 900 read rollups of so many seconds. */
  readonly source: "raw" | 60 | 900;
  /** Width of the answer's buckets; 0 = every raw value by itself. */
  readonly bucketMs: number;
}

const rawKeptMs = 48 * 3_600_000;
const minuteRollupsKeptMs = 30 * 86_400_000;

/**
 * Picks the finest source that still covers the range and is not much finer than what is drawn: raw results for the last 48 hours,
 * minute rollups for 30 days, quarter hours for a year. `intervalMs` is the usual distance of results. Pure.
 */
export function planRead(fromMs: number, untilMs: number, points: number, nowMs: number, intervalMs: number): ReadPlan {
  const widthMs = Math.max(1, (untilMs - fromMs) / points);
  if (fromMs >= nowMs - rawKeptMs) {
    return { source: "raw", bucketMs: widthMs <= intervalMs ? 0 : roundWidth(widthMs, 1000) };
  }
  if (fromMs >= nowMs - minuteRollupsKeptMs && widthMs < 900_000) {
    return { source: 60, bucketMs: roundWidth(widthMs, 60_000) };
  }
  return { source: 900, bucketMs: roundWidth(widthMs, 900_000) };
}

function roundWidth(widthMs: number, unitMs: number): number {
  return Math.max(1, Math.ceil(widthMs / unitMs)) * unitMs;
}
