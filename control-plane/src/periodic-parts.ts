import type { Ingest } from "./check-result/index.ts";
import { freshnessIntervalMs, mendDeadlines, watchFreshness } from "./freshness/index.ts";
import type { Core, Part } from "./part.ts";
import {
  createMetricsServer,
  createMetricsSource,
  createPerfdataRoutes,
  createSqlSource,
  rollUpNext,
} from "./perfdata/index.ts";
import { deleteExpired } from "./retention/index.ts";
import { runEvery } from "./schedule/index.ts";

const mendDeadlinesAfterMs = 20_000;

/** Notices whose results or keepalives do not come any more. */
export function freshness({ database, changes, leases, logger, now }: Core, { recording }: Ingest): Part {
  const dependencies = { database, recording, changes, logger, now };
  let mendAtMs: number | null = now();
  const unsubscribe = changes.subscribe((type) => {
    // A while after the first of several changes: an apply of thousands of definitions is looked through once.
    if (type === "definitions") mendAtMs ??= now() + mendDeadlinesAfterMs;
  });
  const look = async (signal: AbortSignal) => {
    await watchFreshness(dependencies, signal);
    if (mendAtMs === null || now() < mendAtMs) return;
    mendAtMs = null;
    await mendDeadlines(database, recording.definitions, now(), undefined, signal);
  };
  const job = async () => void (await leases.runLeased("freshness", 15_000, look));
  let watching: ReturnType<typeof runEvery> | undefined;
  return {
    name: "freshness",
    async start() {
      // Before the first request: deadlines move by the time nobody watched.
      await job();
      watching = runEvery({ name: "freshness", intervalMs: freshnessIntervalMs, job, logger });
    },
    async stop() {
      unsubscribe();
      await watching?.stop();
    },
  };
}

/** Charts, and the job that rolls perfdata up: a chunk at a time with pauses, so that it never holds ingest up for long. */
export function perfdata({ configuration, database, leases, logger, now }: Core): Part {
  const { metricsUrl: url, metricsPasswordFile: passwordFile } = configuration;
  const source =
    url === null
      ? createSqlSource(database.db)
      : createMetricsSource(database.db, createMetricsServer({ url, passwordFile }));
  const chunk = 2_000;
  const rollUp = async (signal: AbortSignal) => {
    while (!signal.aborted && (await rollUpNext(database, chunk, now())) === chunk) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  let rolling: ReturnType<typeof runEvery> | undefined;
  return {
    name: "perfdata",
    routes: createPerfdataRoutes({ database, source, now }),
    async start() {
      rolling = runEvery({
        name: "perfdata-rollup",
        intervalMs: 10_000,
        job: async (stopping) => {
          const untilEither = (lost: AbortSignal) => rollUp(AbortSignal.any([lost, stopping]));
          await leases.runLeased("perfdata-rollup", 60_000, untilEither);
        },
        logger,
      });
    },
    stop: async () => rolling?.stop(),
  };
}

/** Deletes what has been kept long enough. */
export function retention({ database, leases, logger, now }: Core): Part {
  let cleaning: ReturnType<typeof runEvery> | undefined;
  return {
    name: "retention",
    async start() {
      cleaning = runEvery({
        name: "retention",
        intervalMs: 5 * 60_000,
        job: async (stopping) => {
          await leases.runLeased("retention", 60_000, async (lost) => {
            const deleted = await deleteExpired(database, now(), AbortSignal.any([lost, stopping]));
            if (deleted.size > 0) logger.info({ deleted: Object.fromEntries(deleted) }, "expired rows deleted");
          });
        },
        logger,
      });
    },
    stop: async () => cleaning?.stop(),
  };
}
