import type { Difference } from "./compare-states.ts";
import { nameOfObserved } from "./observed-state.ts";

/** A difference and since when it was seen without a break. */
export interface LastingDifference extends Difference {
  readonly sinceMs: number;
}

/** What changed with a comparison. */
export interface DifferenceNews {
  readonly appeared: readonly LastingDifference[];
  readonly gone: readonly LastingDifference[];
}

/** Remembers differences from one comparison to the next. */
export function createDifferenceLog() {
  let present = new Map<string, LastingDifference>();
  let longestMs = 0;
  let total = 0;
  return {
    /** Takes what a comparison found and says what is new and what is gone. */
    take(differences: readonly Difference[], nowMs: number): DifferenceNews {
      const next = new Map<string, LastingDifference>();
      for (const difference of differences) {
        const key = `${nameOfObserved(difference)}\u0000${difference.field}\u0000${difference.theirs}\u0000${difference.ours}`;
        next.set(key, { ...difference, sinceMs: present.get(key)?.sinceMs ?? nowMs });
      }
      const appeared = [...next].flatMap(([key, one]) => (present.has(key) ? [] : [one]));
      const gone = [...present].flatMap(([key, one]) => (next.has(key) ? [] : [one]));
      for (const { sinceMs } of present.values()) longestMs = Math.max(longestMs, nowMs - sinceMs);
      total += appeared.length;
      present = next;
      return { appeared, gone };
    },
    /** Differences there are, the longest first. */
    present: (): LastingDifference[] => [...present.values()].sort((a, b) => a.sinceMs - b.sinceMs),
    /** How many there ever were, and how long the longest lasted. */
    totals: () => ({ total, longestMs }),
  };
}
