import type { TimePeriods } from "@mycloud/checks/time-period";
import type { TimeSpan } from "./overlay-spans.ts";

/** The times of a range that are in a time period, in order. Pure. */
export function periodSpans(periods: TimePeriods, name: string, fromMs: number, untilMs: number): TimeSpan[] {
  const spans: TimeSpan[] = [];
  let atMs = fromMs;
  while (atMs < untilMs) {
    const startMs = periods.nextStart(name, atMs);
    if (startMs === null || startMs >= untilMs) break;
    const endMs = Math.min(periods.nextEnd(name, startMs) ?? untilMs, untilMs);
    spans.push({ fromMs: startMs, untilMs: endMs });
    atMs = endMs;
  }
  return spans;
}
