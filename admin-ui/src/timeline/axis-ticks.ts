import { timeTicks } from "../perfdata/time-ticks.ts";

/** A mark on a time axis. */
export interface AxisTick {
  readonly atMs: number;
  readonly text: string;
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [10, 30, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour]
  .concat([6 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day])
  .concat([28 * day, 91 * day]);

/** Marks at round times of the reader's zone, at most `most` of them. Pure but for the zone. */
export function axisTicks(fromMs: number, untilMs: number, most: number): AxisTick[] {
  const step = steps.find((seconds) => (untilMs - fromMs) / 1000 / seconds <= most) ?? 91 * day;
  const offsetMs = new Date(fromMs).getTimezoneOffset() * 60_000;
  const ticks: number[] = [];
  const stepMs = step * 1000;
  for (let atMs = Math.ceil((fromMs - offsetMs) / stepMs) * stepMs + offsetMs; atMs < untilMs; atMs += stepMs)
    ticks.push(atMs);
  const texts = timeTicks(
    ticks.map((atMs) => atMs / 1000),
    // A month's name alone would stand for a day here.
    Math.min(step, 7 * day),
  );
  return ticks.map((atMs, at) => ({ atMs, text: texts[at] ?? "" }));
}
