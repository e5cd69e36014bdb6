import { availableParallelism } from "node:os";

/** Threads worth starting: as many as there are processors for us, at most `limit`. More only cost memory: storage is slower than four. */
export function defaultThreadCount(limit = 4, parallelism = availableParallelism()): number {
  return Math.max(1, Math.min(limit, parallelism));
}
