import type { Measured } from "./measured.ts";
import { cpuSeconds, residentMiB } from "./process-cost.ts";
import { type IngestTarget, percentile, type Requests, sendAtFullRate, sendAtRate } from "./send-requests.ts";

/** Long enough for connections to be open and code to be warm. */
const warmUpSeconds = 2;

export interface RequestPlan extends Requests {
  readonly target: IngestTarget;
  readonly seconds: number;
  /** The processes that take the results. */
  readonly pids: readonly number[];
}

/** Measures one way of sending: the full rate by results answered, then latency at half of it. Takes 2 s more than twice `seconds`. */
export async function measureRequests(plan: RequestPlan) {
  const { target, seconds, pids, batchSize, connections } = plan;
  await sendAtFullRate(target, plan, Math.min(warmUpSeconds, seconds));
  const cpuBefore = cpuSeconds(pids);
  const full = await sendAtFullRate(target, plan, seconds);
  const cpuUsed = cpuSeconds(pids) - cpuBefore;
  const resultsPerSecond = full.results / full.seconds;
  const half = await sendAtRate(target, plan, resultsPerSecond / 2, seconds);
  return {
    singlesAtOnce: batchSize === 1 ? connections : null,
    resultsPerSecond,
    p50Ms: percentile(half.latencies, 0.5),
    p99Ms: percentile(half.latencies, 0.99),
    memoryMiB: residentMiB(pids),
    cpuMicroseconds: (cpuUsed / full.results) * 1e6,
  } satisfies Partial<Measured>;
}
