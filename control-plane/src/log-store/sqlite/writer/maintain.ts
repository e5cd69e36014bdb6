import type { LogRetention } from "../../log-store.ts";
import { dayOf } from "../../record-id.ts";
import { dayBytes, listDays, removeDay } from "../day-files.ts";
import type { DayWriter } from "./day-writer.ts";
import type { DayWriters } from "./day-writers.ts";
import type { MaintainResult } from "./messages.ts";
import { removeStreams } from "./remove-streams.ts";

export interface MaintainOptions {
  readonly writers: DayWriters;
  readonly directory: string;
  /** Lets batches that wait be written. */
  readonly giveWay: () => Promise<void>;
}

/** Removes days that are too old, and of sources that have too much their oldest records. */
export async function maintain(
  options: MaintainOptions,
  retention: LogRetention,
  nowMs: number,
): Promise<MaintainResult> {
  const { writers, directory, giveWay } = options;
  let removedRecords = 0;
  let removedBytes = 0;
  const oldest = dayOf(nowMs * 1000) - retention.days;

  function dropDay(day: number): void {
    removedBytes += dayBytes(directory, day);
    writers.close(day);
    removeDay(directory, day);
  }

  for (const day of listDays(directory)) {
    if (day >= oldest) break;
    removedRecords += writers.on(day, recordsOf);
    dropDay(day);
    await giveWay();
  }
  if (retention.bytesPerSource === null) return { removedRecords, removedBytes };

  const days = listDays(directory).map((day) => ({ day, sources: writers.on(day, sourcesOf) }));
  for (const [source, excess] of excessOf(days, retention.bytesPerSource)) {
    let toRemove = excess;
    for (const { day, sources } of days) {
      const size = sources.get(source);
      if (toRemove <= 0) break;
      if (size === undefined) continue;
      const before = dayBytes(directory, day);
      const share = Math.min(1, toRemove / size.bytes);
      const removed = await removeStreams({ writer: () => writers.open(day), streams: size.streams, share, giveWay });
      removedRecords += removed.records;
      toRemove -= removed.bytes;
      if (writers.on(day, recordsOf) === 0) dropDay(day);
      else removedBytes += Math.max(0, before - dayBytes(directory, day));
    }
  }
  return { removedRecords, removedBytes };
}

interface SourceSize {
  readonly streams: number[];
  bytes: number;
}

function recordsOf({ database }: DayWriter): number {
  return Number(database.prepare("select coalesce(sum(records), 0) as records from stream").get()?.records ?? 0);
}

function sourcesOf({ database }: DayWriter): Map<string, SourceSize> {
  const sources = new Map<string, SourceSize>();
  for (const row of database.prepare("select id, source, bytes from stream where records > 0").iterate()) {
    const source = sources.get(String(row.source)) ?? { streams: [], bytes: 0 };
    source.streams.push(Number(row.id));
    source.bytes += Number(row.bytes);
    sources.set(String(row.source), source);
  }
  return sources;
}

/** By source how much is too much. Pure. */
function excessOf(
  days: readonly { readonly sources: ReadonlyMap<string, SourceSize> }[],
  maximum: number,
): [string, number][] {
  const sums = new Map<string, number>();
  for (const { sources } of days) {
    for (const [source, { bytes }] of sources) sums.set(source, (sums.get(source) ?? 0) + bytes);
  }
  return [...sums]
    .map(([source, bytes]): [string, number] => [source, bytes - maximum])
    .filter(([, excess]) => excess > 0);
}
