import { dayOf } from "../../record-id.ts";
import { dayBytes, listDays } from "../day-files.ts";
import type { DayWriters } from "./day-writers.ts";

/** How long nothing was written before this is begun, and how long there is between two steps. */
const idleMs = 200;
/** Pages of the index that one step merges, of the file that one step gives back: some milliseconds each. */
const pagesAStep = 100;
/** Where it is never quiet there is a step so often all the same: a hundredth of the time, and a day is tidied before the next one is over. */
const overdueMs = 1_000;

/**
 * Tidies days that are over, in small steps while nothing is written, and seldom else: their index is merged into one piece, which makes it smaller and searches quicker,
 * and pages that hold nothing go back to the file system.
 */
export interface Compaction {
  /** Something was written: begins again when it is quiet. */
  wake(): void;
  stop(): void;
  /** Between two transactions: makes a step if there was none for long. */
  giveTurn(): void;
}

interface CompactionOptions {
  readonly writers: DayWriters;
  readonly directory: string;
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonicNow: () => number;
}

export function createCompaction({ writers, directory, monotonicNow }: CompactionOptions): Compaction {
  /** What was tidied, by its size then: late records make it worth another turn. */
  const tidied = new Map<number, number>();
  let timer: NodeJS.Timeout | undefined;
  let current: { readonly day: number; isBegun: boolean } | null = null;
  let lastStepMs = monotonicNow();

  function stepOn(): void {
    if (step()) timer = setTimeout(stepOn, 1);
  }

  /** Whether there may be more to do. */
  function step(): boolean {
    lastStepMs = monotonicNow();
    try {
      current ??= choose();
      if (current === null) return false;
      const { day } = current;
      const isDone = writers.on(day, ({ database }) => {
        if (current === null) return true;
        const before = database.prepare("select total_changes() as count").get()?.count;
        database.exec(`insert into word (word, rank) values ('merge', ${current.isBegun ? "" : "-"}${pagesAStep})`);
        current.isBegun = true;
        const after = database.prepare("select total_changes() as count").get()?.count;
        // https://sqlite.org/fts5.html#the_merge_command: less than two changes, and there was nothing to do.
        if (Number(after) - Number(before) >= 2) return false;
        database.exec(`pragma incremental_vacuum(${pagesAStep})`);
        const free = Number(database.prepare("pragma freelist_count").get()?.freelist_count);
        if (free > 0) return false;
        database.exec("pragma wal_checkpoint(truncate)");
        return true;
      });
      if (isDone) {
        tidied.set(day, dayBytes(directory, day));
        current = null;
      }
    } catch {
      // No space to tidy in, or a damaged file, which those who write and read find out about.
      if (current !== null) tidied.set(current.day, dayBytes(directory, current.day));
      current = null;
    }
    return true;
  }

  function choose(): { day: number; isBegun: boolean } | null {
    const today = dayOf(Date.now() * 1000);
    const day = listDays(directory).find((one) => one < today && tidied.get(one) !== dayBytes(directory, one));
    return day === undefined ? null : { day, isBegun: false };
  }

  return {
    wake() {
      clearTimeout(timer);
      timer = setTimeout(stepOn, idleMs);
    },
    stop() {
      clearTimeout(timer);
    },
    giveTurn() {
      if (monotonicNow() - lastStepMs >= overdueMs) step();
    },
  };
}
