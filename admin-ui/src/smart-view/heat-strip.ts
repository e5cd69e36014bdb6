import type { MachineSnapshot } from "@mycloud/protocol/machine";

/** One day of the strip. */
export interface HeatDay {
  /** Local midnight, ms. */
  readonly startMs: number;
  readonly snapshots: readonly MachineSnapshot[];
  /** 0: none; 1 to 4: how much changed, against the busiest of the days shown. */
  readonly level: 0 | 1 | 2 | 3 | 4;
}

/** Local midnight of an instant. */
export function dayStart(atMs: number): number {
  const date = new Date(atMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** The days up to today, oldest first; each has its snapshots and how much changed in them. Pure but for the reader's zone. */
export function heatStrip(snapshots: readonly MachineSnapshot[], days: number, nowMs: number): HeatDay[] {
  const byDay = Map.groupBy(snapshots, ({ takenAtMs }) => dayStart(takenAtMs));
  const today = new Date(dayStart(nowMs));
  const starts = Array.from({ length: days }, (_, at) =>
    // By calendar, not by 24 hours: two days of a year have 23 and 25.
    new Date(today.getFullYear(), today.getMonth(), today.getDate() - (days - 1 - at)).getTime(),
  );
  const changes = starts.map((start) => (byDay.get(start) ?? []).reduce((sum, each) => sum + changedFiles(each), 0));
  const most = Math.log1p(Math.max(1, ...changes));
  return starts.map((startMs, at) => {
    const those = byDay.get(startMs) ?? [];
    return { startMs, snapshots: those, level: levelOf(those.length, Math.log1p(changes[at] ?? 0) / most) };
  });
}

function levelOf(count: number, share: number): HeatDay["level"] {
  if (count === 0) return 0;
  if (share <= 0.25) return 1;
  if (share <= 0.5) return 2;
  return share <= 0.75 ? 3 : 4;
}

/** Files that were new or changed. Pure. */
export function changedFiles({ filesNew, filesChanged }: MachineSnapshot): number {
  return (filesNew ?? 0) + (filesChanged ?? 0);
}
