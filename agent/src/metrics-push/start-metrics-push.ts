import type { MetricsJob, MetricsPush } from "@mycloud/protocol/host-metrics";
import type { Logger } from "../logger/index.ts";
import { type Patience, startRetryLoop } from "../retry-loop/index.ts";
import type { ControlPlane } from "../transport/index.ts";
import { openPushSpool, type PushSpoolPolicy, type PushSpoolStatus } from "./push-spool.ts";
import { untilNextPush } from "./push-times.ts";

/** What pushing needs from outside. */
export interface MetricsPushOptions {
  readonly directory: string;
  readonly hostName: string;
  /** What a scrape would be answered, in text format 0.0.4. */
  readonly scrape: () => Promise<string>;
  readonly controlPlane: Pick<ControlPlane, "sendMetrics">;
  readonly newBatchId: () => string;
  readonly patience: Patience;
  readonly logger: Logger;
  /** The server's clock as far as it is known, in milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly policy?: PushSpoolPolicy;
}

/** Pushes metrics as long as a job says so. */
export interface MetricsPusher {
  /** The job of a new configuration; undefined: nothing is pushed. What waits is sent all the same. */
  configure(job: MetricsJob | undefined): void;
  /** The control plane is known to be there. */
  retryNow(): void;
  status(): PushSpoolStatus;
}

/** Starts it without a job. Rejects when its directory cannot be made. */
export async function startMetricsPush(options: MetricsPushOptions): Promise<MetricsPusher> {
  const { hostName, scrape, controlPlane, patience, logger, now, signal } = options;
  const spool = await openPushSpool(options.directory, options.policy);
  let ended = new AbortController();
  let intervalMs: number | null = null;
  let lastFault = "";

  const delivery = startRetryLoop({
    patience,
    signal,
    async attempt() {
      const { lost } = spool.status();
      try {
        return await spool.deliverOldest(controlPlane.sendMetrics);
      } catch (error) {
        return { kind: "unreachable", message: String(error) };
      } finally {
        if (spool.status().lost > lost) logger.error({}, "the control plane refused metrics, which are lost");
      }
    },
  });

  async function push(): Promise<void> {
    try {
      const scrapedAtMs = Math.round(now());
      const exposition = await scrape();
      await spool.add({ batchId: options.newBatchId(), scrapedAtMs, exposition } satisfies MetricsPush);
      lastFault = "";
      delivery.wake();
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== lastFault) logger.error({ err: error }, "metrics could not be kept for pushing");
      lastFault = fault;
    }
  }

  async function run(everyMs: number, end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      await patience.sleep(untilNextPush(hostName, everyMs, now()), end);
      if (!end.aborted) await push();
    }
  }

  signal.addEventListener("abort", () => ended.abort(), { once: true });
  return {
    configure(job) {
      const wantedMs = job?.pushIntervalSeconds == null ? null : job.pushIntervalSeconds * 1000;
      if (wantedMs === intervalMs || signal.aborted) return;
      intervalMs = wantedMs;
      ended.abort();
      ended = new AbortController();
      if (wantedMs === null) return;
      const end = ended.signal;
      // The first at once, so that somebody who has just asked for it sees it come.
      void push().then(() => run(wantedMs, end));
    },
    retryNow: delivery.retryNow,
    status: spool.status,
  };
}
