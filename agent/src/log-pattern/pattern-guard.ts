import type { TimeLimit } from "./time-limit.ts";

/** Keeps patterns of the configuration from taking the processor, line by line. */
export interface PatternGuard {
  /**
   * Does `work` for each index below `count`, in their order, and hands on what it comes to. Where it takes too long it is ended in its middle, and
   * `instead` is asked. `use` is called outside of the limit, one index after another.
   */
  forEach<Result>(
    count: number,
    work: (index: number) => Result,
    instead: (index: number) => Result,
    use: (result: Result, index: number) => void,
  ): void;
}

/** So many lines are worked on at once under a limit of time, which costs as much as several lines do. */
const LINES_AT_ONCE = 512;
/** Milliseconds for so many lines together, and for one alone. */
const PATIENT = { batchMs: 1_000, lineMs: 200 };
/** What is left of it where one line after another takes too long: else a file full of such lines would hold up all other sources. */
const IMPATIENT = { batchMs: 10, lineMs: 5 };

/** Makes a guard; its patience halves with each line that takes too long, and comes back with lines that do not. */
export function createPatternGuard(limit: TimeLimit): PatternGuard {
  let { batchMs, lineMs } = PATIENT;

  function setPatience(factor: number): void {
    batchMs = within(IMPATIENT.batchMs, batchMs * factor, PATIENT.batchMs);
    lineMs = within(IMPATIENT.lineMs, lineMs * factor, PATIENT.lineMs);
  }

  function workOn<Result>(
    from: number,
    count: number,
    work: (index: number) => Result,
    instead: typeof work,
  ): Result[] {
    const results: Result[] = [];
    // One statement: the work is done and written down, or it is not.
    const next = () => void results.push(work(from + results.length));
    while (results.length < count) {
      const isInTime = limit.run(() => {
        while (results.length < count) next();
      }, batchMs);
      if (isInTime || results.length >= count) break;
      // Many lines may have taken the time together: the one that it ended at is tried alone.
      const before = results.length;
      if (limit.run(next, lineMs) || results.length > before) continue;
      setPatience(1 / 2);
      results.push(instead(from + results.length));
    }
    return results;
  }

  return {
    forEach(count, work, instead, use) {
      for (let first = 0; first < count; first += LINES_AT_ONCE) {
        const { batchMs: before } = { batchMs };
        const results = workOn(first, Math.min(LINES_AT_ONCE, count - first), work, instead);
        if (batchMs === before) setPatience(2);
        for (const [index, result] of results.entries()) use(result, first + index);
      }
    },
  };
}

function within(least: number, value: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}
