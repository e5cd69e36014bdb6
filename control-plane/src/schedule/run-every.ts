import type { Logger } from "pino";

export interface RunEveryOptions {
  readonly name: string;
  readonly intervalMs: number;
  readonly job: (signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
}

/**
 * Runs a job again and again, the first time after one interval; a run that takes longer than the interval delays the next instead of meeting
 * it. A failure is logged when it is another than last time. `stop` aborts the signal and waits for the run under way.
 */
export function runEvery({ name, intervalMs, job, logger }: RunEveryOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let lastFailure = "";
  let running: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout>;

  async function run(): Promise<void> {
    try {
      await job(stopping.signal);
      lastFailure = "";
    } catch (err) {
      const failure = err instanceof Error ? err.message : String(err);
      if (failure !== lastFailure && !stopping.signal.aborted) logger.error({ err, job: name }, "scheduled job failed");
      lastFailure = failure;
    }
  }

  function schedule(): void {
    timer = setTimeout(() => {
      running = run().then(() => {
        if (!stopping.signal.aborted) schedule();
      });
    }, intervalMs);
  }

  schedule();
  return {
    async stop() {
      clearTimeout(timer);
      stopping.abort();
      await running;
    },
  };
}
