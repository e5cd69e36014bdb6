import { type Placement, placeRecords } from "../../place-records.ts";
import { dayOf } from "../../record-id.ts";
import type { EncodedBatch } from "../batch-codec.ts";
import { databaseFaultOf } from "../database-fault.ts";
import { listDays } from "../day-files.ts";
import type { ChunkKey, DayPart } from "./day-writer.ts";
import type { DayWriters } from "./day-writers.ts";

/** How a batch of a group fared. */
export type WrittenBatch =
  | {
      readonly kind: "stored";
      readonly stored: number;
      readonly isDuplicate: boolean;
      /** By record; the row is NaN for what was stored before. */
      readonly days: Float64Array;
      readonly rowIds: Float64Array;
    }
  | { readonly kind: "failed"; readonly error: unknown };

interface GroupOptions {
  readonly writers: DayWriters;
  readonly directory: string;
  /** Records of days before this one are stored when they were received. */
  readonly oldestDay: (receivedDay: number) => number;
}

interface Work {
  readonly batch: EncodedBatch;
  readonly receivedDay: number;
  readonly placement: Placement;
  readonly days: Float64Array;
  readonly rowIds: Float64Array;
  stored: number;
  /** Whether the day of receipt has to be told that the chunk is done with. */
  needsFinish: boolean;
  error: { readonly error: unknown } | null;
}

/**
 * Stores batches together: one transaction for each day that they have records of, and then, for chunks that are of other days than the one they were
 * received on, a note there that they are complete. What of a chunk is stored already is left out, wherever an earlier attempt stopped.
 */
export function writeGroup(options: GroupOptions, batches: readonly EncodedBatch[]): WrittenBatch[] {
  const { writers } = options;
  const inGroup = new Map<string, number>();
  const works: (Work | { readonly sameAs: number })[] = [];
  const partsOfDays = new Map<number, WorkPart[]>();

  for (const [number, batch] of batches.entries()) {
    const key = batch.chunk === null ? null : `${batch.chunk.sender}\n${batch.chunk.id}`;
    const earlier = key === null ? undefined : inGroup.get(key);
    if (earlier !== undefined) {
      works.push({ sameAs: earlier });
      continue;
    }
    if (key !== null) inGroup.set(key, number);
    const work = prepare(batch, options);
    works.push(work);
    if (work.error !== null) continue;
    for (const { day, indices } of work.placement.parts) {
      const { disbelieved } = work.placement;
      const isWhole = indices === null && day === work.receivedDay;
      const part = { batch, indices, disbelieved, isWhole, rowIds: work.rowIds };
      const parts = partsOfDays.get(day) ?? [];
      parts.push({ work, part });
      partsOfDays.set(day, parts);
      if (!isWhole) work.needsFinish = true;
    }
  }

  for (const [day, parts] of partsOfDays) writeDay(writers, day, parts);
  finishChunks(writers, works);
  const written = works.map(
    (work): WrittenBatch => ("sameAs" in work ? { kind: "failed", error: null } : resultOf(work)),
  );
  return works.map((work, number): WrittenBatch => {
    const own = written["sameAs" in work ? work.sameAs : number] ?? { kind: "failed", error: null };
    return "sameAs" in work && own.kind === "stored" ? { ...own, stored: 0, isDuplicate: true } : own;
  });
}

interface WorkPart {
  readonly work: Work;
  readonly part: DayPart;
}

function writeDay(writers: DayWriters, day: number, parts: readonly WorkPart[]): void {
  try {
    writers.on(day, (writer) => {
      const missing = parts.filter(
        ({ part: { batch } }) => batch.chunk === null || writer.findChunk(batch.chunk) === null,
      );
      if (missing.length > 0) writer.write(missing.map(({ part }) => part));
      for (const { work, part } of missing) noteStored(work, part, day);
    });
  } catch (error) {
    // What is wrong with one batch must not keep the others out for ever.
    if (parts.length > 1 && databaseFaultOf(error) === "other") for (const one of parts) writeDay(writers, day, [one]);
    else for (const { work } of parts) work.error = { error };
  }
}

function prepare(batch: EncodedBatch, { writers, directory, oldestDay }: GroupOptions): Work {
  const receivedDay = dayOf(batch.receivedAtMs * 1000);
  const count = batch.timesUs.length;
  const work: Work = {
    batch,
    receivedDay,
    placement: placeRecords(batch, oldestDay(receivedDay)),
    days: new Float64Array(count).fill(Number.NaN),
    rowIds: new Float64Array(count).fill(Number.NaN),
    stored: 0,
    needsFinish: false,
    error: null,
  };
  const { chunk } = batch;
  if (chunk === null) return work;
  // Elsewhere each day knows what it has of a chunk. Records that are stored at their time of receipt would be of another day when the chunk comes again: it
  // is looked for in all of them.
  if (work.placement.disbelieved.size === 0) return work;
  try {
    const asked = listDays(directory);
    const isFinished = asked.some((day) => isFinishedIn(writers, day, chunk));
    return isFinished ? { ...work, placement: { parts: [], disbelieved: new Map() } } : work;
  } catch (error) {
    work.error = { error };
    return work;
  }
}

function isFinishedIn(writers: DayWriters, day: number, chunk: ChunkKey): boolean {
  if (writers.openExisting(day) === null) return false;
  return writers.on(day, (writer) => writer.findChunk(chunk) === "finished");
}

function noteStored(work: Work, { indices }: DayPart, day: number): void {
  work.stored += indices?.length ?? work.rowIds.length;
  if (indices === null) work.days.fill(day);
  else for (const index of indices) work.days[index] = day;
}

function finishChunks(writers: DayWriters, works: readonly (Work | { readonly sameAs: number })[]): void {
  const byDay = new Map<number, Work[]>();
  for (const work of works) {
    if ("sameAs" in work || !work.needsFinish || work.error !== null || work.batch.chunk === null) continue;
    const ofDay = byDay.get(work.receivedDay) ?? [];
    ofDay.push(work);
    byDay.set(work.receivedDay, ofDay);
  }
  for (const [day, ofDay] of byDay) {
    const chunks = ofDay.map(({ batch }) => batch.chunk).filter((chunk) => chunk !== null);
    try {
      writers.on(day, (writer) => writer.finishChunks(chunks));
    } catch (error) {
      for (const work of ofDay) work.error = { error };
    }
  }
}

function resultOf({ batch, stored, days, rowIds, error }: Work): WrittenBatch {
  if (error !== null) return { kind: "failed", error: error.error };
  const isDuplicate = batch.chunk !== null && stored === 0 && batch.timesUs.length > 0;
  return { kind: "stored", stored, isDuplicate, days, rowIds };
}
