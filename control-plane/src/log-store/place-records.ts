import { dayOf } from "./record-id.ts";

/** What of a batch decides where its records are stored. */
export interface TimedBatch {
  readonly receivedAtMs: number;
  readonly timesUs: Float64Array;
}

/** Records of one batch that belong in one day. */
export interface Placed {
  readonly day: number;
  /** Into the batch; null when it is all of them. */
  readonly indices: readonly number[] | null;
}

export interface Placement {
  readonly parts: readonly Placed[];
  /** By index: what times were that nobody can believe. `batch.timesUs` has the time of receipt in their place. */
  readonly disbelieved: ReadonlyMap<number, number>;
}

/** How far ahead of ours a clock may be. */
const maximumAheadUs = 86_400_000_000;

/**
 * Which days records are stored in. Times further ahead than a day, or older than `oldestDay`, which is all that is kept, would make files without end:
 * these records are stored at the time they were received. Writes to `batch.timesUs`, nothing else.
 */
export function placeRecords(batch: TimedBatch, oldestDay: number): Placement {
  const { timesUs } = batch;
  const receivedUs = batch.receivedAtMs * 1000;
  const latestUs = receivedUs + maximumAheadUs;
  const disbelieved = new Map<number, number>();
  const byDay = new Map<number, number[]>();
  let lastDay = Number.NaN;
  let last: number[] = [];
  for (let index = 0; index < timesUs.length; index += 1) {
    let timeUs = Math.floor(timesUs[index] ?? Number.NaN);
    let day = dayOf(timeUs);
    if (!(timeUs <= latestUs && day >= oldestDay)) {
      disbelieved.set(index, timesUs[index] ?? Number.NaN);
      timeUs = receivedUs;
      day = dayOf(timeUs);
    }
    timesUs[index] = timeUs;
    if (day !== lastDay) {
      lastDay = day;
      last = byDay.get(day) ?? [];
      byDay.set(day, last);
    }
    last.push(index);
  }
  const parts = [...byDay].map(([day, indices]) => ({ day, indices: byDay.size === 1 ? null : indices }));
  return { parts, disbelieved };
}

/** For the field `original_time`. Pure. */
export function describeTime(timeUs: number): string {
  const date = new Date(timeUs / 1000);
  return Number.isNaN(date.getTime()) ? String(timeUs) : date.toISOString();
}
