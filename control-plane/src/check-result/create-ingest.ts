import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Route } from "../http/route.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { PerfdataWrites } from "../perfdata-write/perfdata-writes.ts";
import type { EventHandlerQueue, NotificationDecider } from "../state-change/index.ts";
import type { AcceptCheckResults } from "./incoming-result.ts";
import { createIngestRate, type IngestRate } from "./ingest-rate.ts";
import type { RecordDependencies } from "./record-observations.ts";
import type { ResultForwarder } from "./result-forwarder.ts";
import { ResultWriter } from "./result-writer.ts";
import { createCheckResultRoutes } from "./routes.ts";
import { createStoreBatches } from "./store-batches.ts";

export interface IngestDependencies {
  readonly database: ConnectedDatabase;
  readonly changes: ChangeBus;
  /** Forgotten by its owner when definitions change. */
  readonly definitions: DefinitionCache;
  readonly decider: NotificationDecider;
  readonly forwarder: ResultForwarder;
  /** Gets what was measured, once it is stored. */
  readonly perfdataWrites?: PerfdataWrites;
  readonly eventHandlers: EventHandlerQueue;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Ingest, wired: one per control plane. */
export interface Ingest {
  readonly acceptCheckResults: AcceptCheckResults;
  readonly rate: IngestRate;
  /** What others need to record observations of their own in a transaction (freshness). */
  readonly recording: RecordDependencies;
  readonly routes: readonly Route[];
  /** Stores what waits and takes nothing more. */
  stop(): Promise<void>;
}

/** Makes the way of a result from a request into the database. */
export function createIngest(dependencies: IngestDependencies): Ingest {
  const { database, changes, definitions, decider, forwarder, eventHandlers, registry, logger, now } = dependencies;
  const { dialect } = database;
  const rate = createIngestRate(now());
  const newThreadKey = () => randomBytes(12).toString("hex");
  const recording = { dialect, definitions, decider, newThreadKey, forwarder, eventHandlers };
  const stored = new Counter({
    name: "mycloud_check_results_stored_total",
    help: "Check results stored.",
    registers: [registry],
  });
  const duration = new Histogram({
    name: "mycloud_check_result_transaction_seconds",
    help: "Time of one transaction of check results.",
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const storeBatches = createStoreBatches({
    ...recording,
    database,
    changes,
    now,
    onStored(results, { measured }) {
      dependencies.perfdataWrites?.take(measured);
      stored.inc(results);
      rate.add(results, now());
    },
  });
  const writer = new ResultWriter({
    storeBatches: async (batches) => {
      const end = duration.startTimer();
      try {
        return await storeBatches(batches);
      } finally {
        end();
      }
    },
    logger,
    // SQLite takes one transaction at a time; MariaDB works on one while this process prepares the next.
    maximumConcurrent: dialect.kind === "sqlite" ? 1 : 2,
  });
  new Gauge({
    name: "mycloud_check_results_waiting",
    help: "Check results received whose transaction has not begun.",
    registers: [registry],
    collect() {
      this.set(writer.waitingResults);
    },
  });
  const acceptCheckResults: AcceptCheckResults = (batch) => writer.write(batch);
  return {
    acceptCheckResults,
    rate,
    recording,
    routes: createCheckResultRoutes({ database, definitions, changes, now, acceptCheckResults }),
    stop: () => writer.stop(),
  };
}
