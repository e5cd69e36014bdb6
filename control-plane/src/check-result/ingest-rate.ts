/** Results per minute over the last hour, for the console's first page. */
export interface IngestRate {
  /** Notes results that were stored. */
  add(results: number, nowMs: number): void;
  /** Results per second over the last whole minute or, in the first one, since the start. */
  perSecond(nowMs: number): number;
  /** Results per second, one value a minute, oldest first: the 60 whole minutes before this one, fewer after a start. */
  history(nowMs: number): number[];
}

/** Counts what this control plane stores; with several, each shows its own part. Kept in memory: a start begins a new hour. */
export function createIngestRate(startedAtMs: number): IngestRate {
  const byMinute = new Map<number, number>();
  const minuteOf = (nowMs: number) => Math.floor(nowMs / 60_000);
  return {
    add(results, nowMs) {
      const minute = minuteOf(nowMs);
      byMinute.set(minute, (byMinute.get(minute) ?? 0) + results);
      for (const old of byMinute.keys()) if (old < minute - 61) byMinute.delete(old);
    },
    perSecond(nowMs) {
      const minute = minuteOf(nowMs);
      if (minuteOf(startedAtMs) < minute - 1) return (byMinute.get(minute - 1) ?? 0) / 60;
      const sinceStart = (byMinute.get(minute - 1) ?? 0) + (byMinute.get(minute) ?? 0);
      return sinceStart / Math.max(1, (nowMs - startedAtMs) / 1000);
    },
    history(nowMs) {
      const minute = minuteOf(nowMs);
      const first = Math.max(minute - 60, minuteOf(startedAtMs) + 1);
      const values: number[] = [];
      for (let at = first; at < minute; at++) values.push((byMinute.get(at) ?? 0) / 60);
      return values;
    },
  };
}
