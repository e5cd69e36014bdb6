import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/** Rests between the portions of long work, so that everybody else gets their turn. */
export interface Pace {
  /** Rests after a portion that took so many milliseconds: at least as long, and longer while the event loop has little time to spare. */
  rest(workMs: number): Promise<void>;
}

export interface PaceOptions {
  /** The share of time, 0 to 1, that the event loop was busy since it was last asked. */
  readonly busyShare: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const shortestRestMs = 5;
const longestRestMs = 250;
/** Above the one rests grow, below the other they shrink: in between there is room for a burst of results. */
const busyAbove = 0.75;
const idleBelow = 0.6;

/** Makes a pace that begins with short rests. */
export function createPace({ busyShare, sleep }: PaceOptions = ofThisProcess()): Pace {
  let restMs = shortestRestMs;
  return {
    async rest(workMs) {
      await sleep(Math.max(workMs, restMs));
      const share = busyShare();
      if (share > busyAbove) restMs = Math.min(longestRestMs, restMs * 1.5);
      else if (share < idleBelow) restMs = Math.max(shortestRestMs, restMs / 1.5);
    },
  };
}

function ofThisProcess(): PaceOptions {
  let last = performance.eventLoopUtilization();
  return {
    sleep: (ms) => sleep(ms),
    busyShare() {
      const present = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(present, last);
      last = present;
      return utilization;
    },
  };
}
