import type { Condition } from "./workload.ts";

/** One row of the report. */
export interface Measured {
  readonly program: string;
  readonly path: string;
  readonly condition: Condition;
  /** For rows of one result a request, how many were under way at once: what pairs them with another program's. Null for all else. */
  readonly singlesAtOnce: number | null;
  readonly resultsPerSecond: number;
  /** From the instant a request is due until its answer, at half of that rate; milliseconds. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly memoryMiB: number | null;
  /** Processor time of the program's own processes for one result, in microseconds: tells less of what else the machine does. */
  readonly cpuMicroseconds: number | null;
  readonly isDurable: boolean;
}

/** What is not known of a program that takes its results from a pipe: it answers nobody. */
export const unansweredPipe = {
  path: "command pipe",
  singlesAtOnce: null,
  p50Ms: null,
  p99Ms: null,
  memoryMiB: null,
  cpuMicroseconds: null,
  isDurable: false,
} as const;
