import { isDeepStrictEqual } from "node:util";
import type { LogJob, LogJobDestination } from "@mycloud/protocol/log-source";
import { createEntryWriters, type LogQueue } from "../../log-queue/index.ts";
import type { RecordMaker } from "../../log-shaping/index.ts";
import { type Shipping, type ShippingOptions, startShipping } from "../../log-shipping/index.ts";
import type { LineBatch, LogPositions, LogSourceCounters } from "../../log-source/index.ts";
import type { Logger } from "../../logger/index.ts";
import type { LogTask, ShipperStatus } from "../pipeline-words.ts";
import { createJobLine, type JobLine } from "./job-line.ts";

/** Sources that read until their signal fires. */
export interface RunningSources {
  counters(): Readonly<Record<string, LogSourceCounters>>;
  readonly done: Promise<void>;
}

export interface PipelineOptions {
  readonly queue: LogQueue;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
  readonly startSources: (options: {
    readonly jobs: readonly LogJob[];
    readonly policy: LogTask["policy"];
    readonly positions: LogPositions;
    readonly onBatch: (batch: LineBatch) => Promise<void>;
    readonly signal: AbortSignal;
  }) => RunningSources;
  readonly createMaker: (job: LogJob, hostName: string) => RecordMaker;
  /** For tests: time-outs and windows. */
  readonly shipping?: Partial<Pick<ShippingOptions, "window" | "ackTimeoutMs" | "connectTimeoutMs" | "backoff">>;
}

/** Sources, queue and shipping of one host. */
export interface Pipeline {
  /** Does this from now on. Jobs that stay the same are not disturbed; those that change go on where they were. */
  configure(task: LogTask): Promise<void>;
  status(): ShipperStatus;
  /** Reads no more, puts what was read into the queue, ships what can be shipped within a second. */
  stop(): Promise<void>;
}

interface RunningJob {
  readonly job: LogJob;
  readonly policy: LogTask["policy"];
  readonly hostName: string;
  readonly stopping: AbortController;
  readonly line: JobLine;
  readonly sources: RunningSources;
}

interface RunningShipping {
  readonly destination: LogJobDestination;
  readonly shipping: Shipping;
}

const endSourcesWithinMs = 1_000;
const flushWithinMs = 600;
const tickMs = 1_000;

/** Makes one that does nothing yet. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { queue, logger, now, random } = options;
  const jobs = new Map<string, RunningJob>();
  const writers = createEntryWriters();
  /** Jobs that cannot be begun, and why. */
  const faulty = new Map<string, string>();
  const shippings = new Map<string, RunningShipping>();
  let maximumBytes = 0;
  let changing = Promise.resolve();
  let timer: ReturnType<typeof setInterval> | undefined;

  function startJob(job: LogJob, { policy, hostName }: LogTask): void {
    const stopping = new AbortController();
    const { signal } = stopping;
    let maker: RecordMaker;
    try {
      maker = options.createMaker(job, hostName);
    } catch (err) {
      // A pattern that cannot be used, for one: the other jobs go on.
      logger.error({ err, source: job.name }, "a log source cannot be used");
      faulty.set(job.name, err instanceof Error ? err.message : String(err));
      return;
    }
    const line = createJobLine({ job, maker, queue, writers, now, signal });
    const positions = { [job.name]: queue.checkpointOf(job.name) };
    const sources = options.startSources({ jobs: [job], policy, positions, onBatch: line.take, signal });
    jobs.set(job.name, { job, policy, hostName, stopping, line, sources });
  }

  async function stopJob({ job, stopping, sources }: RunningJob): Promise<void> {
    jobs.delete(job.name);
    stopping.abort(new Error("stopped"));
    await sources.done;
  }

  async function configureShipping(task: LogTask): Promise<void> {
    const wanted = new Map(task.jobs.destinations.map((destination) => [destination.name, destination]));
    for (const [name, { destination, shipping }] of [...shippings]) {
      if (isDeepStrictEqual(wanted.get(name), destination)) continue;
      shippings.delete(name);
      await shipping.stop();
    }
    for (const [name, destination] of wanted) {
      const own = queue.destination(name);
      if (shippings.has(name) || own === undefined) continue;
      const { hostName } = task;
      const shipping = startShipping({ destination, queue: own, hostName, logger, now, random, ...options.shipping });
      shippings.set(name, { destination, shipping });
    }
  }

  async function change(task: LogTask): Promise<void> {
    const wanted = new Map(task.jobs.jobs.map((job) => [job.name, job]));
    const stays = ({ job, policy, hostName }: RunningJob) =>
      isDeepStrictEqual(wanted.get(job.name), job) &&
      isDeepStrictEqual(task.policy, policy) &&
      task.hostName === hostName;
    await Promise.all([...jobs.values()].filter((running) => !stays(running)).map(stopJob));
    maximumBytes = task.jobs.queue.maximumBytes;
    await queue.configure(
      task.jobs.destinations.map(({ name }) => name),
      task.jobs.queue,
      [...wanted.keys()],
    );
    await configureShipping(task);
    faulty.clear();
    for (const [name, job] of wanted) if (!jobs.has(name)) startJob(job, task);
    clearInterval(timer);
    // Only a rate limit has something to say while no line comes.
    const isLimited = task.jobs.jobs.some(({ sieve }) => sieve.maximumLinesPerSecond !== null);
    timer = isLimited ? setInterval(tick, tickMs) : undefined;
  }

  function tick(): void {
    for (const { line } of jobs.values()) {
      line.tick().catch((err: unknown) => logger.debug({ err }, "what was suppressed could not be told"));
    }
  }

  return {
    configure(task) {
      const changed = changing.then(() => change(task));
      changing = changed.catch(() => undefined);
      return changed;
    },
    status: () => ({
      fault: queue.fault,
      sources: [...[...jobs.values()].map(sourceStatus), ...[...faulty].map(faultyStatus)],
      destinations: queue.status().map((status) => {
        const { shippedRecords, droppedRecords, refusedRecords } = queue.destination(status.name)?.counters ?? none;
        const shipping = shippings.get(status.name)?.shipping.status() ?? notShipping;
        return { ...status, maximumBytes, shippedRecords, droppedRecords, refusedRecords, ...shipping };
      }),
    }),
    async stop() {
      clearInterval(timer);
      await within(changing, endSourcesWithinMs);
      await within(Promise.all([...jobs.values()].map(stopJob)), endSourcesWithinMs);
      await within(queue.flush(), flushWithinMs);
      await Promise.all([...shippings.values()].map(({ shipping }) => shipping.stop()));
      await queue.close();
    },
  };
}

const none = { shippedRecords: 0, droppedRecords: 0, refusedRecords: 0 };
const notShipping = { isConnected: false, lastAcknowledgedAtMs: null, lastError: null };

function sourceStatus({ job: { name }, line, sources }: RunningJob): ShipperStatus["sources"][number] {
  const made = line.counters();
  const read = sources.counters()[name];
  return {
    name,
    files: read?.files ?? 0,
    lagBytes: read?.lagBytes ?? 0,
    lines: read?.lines ?? 0,
    records: made.records,
    parseFailures: made.parseFailures,
    filtered: made.filtered + made.sampledOut,
    suppressed: made.suppressed,
    redacted: made.redacted,
    patternTimeouts: made.patternTimeouts + (read?.patternTimeouts ?? 0),
    refused: read?.refused ?? 0,
    lost: (read?.lost ?? 0) + (read?.dropped ?? 0),
    polledDirectories: read?.polledDirectories ?? 0,
    unread: [...(read?.unread ?? [])],
    notices: noticesOf(made.patternTimeouts, read),
    fault: read?.fault ?? null,
  };
}

function faultyStatus([name, fault]: [string, string]): ShipperStatus["sources"][number] {
  const zero = {
    files: 0,
    lagBytes: 0,
    lines: 0,
    records: 0,
    parseFailures: 0,
    filtered: 0,
    suppressed: 0,
    redacted: 0,
  };
  const nothing = { patternTimeouts: 0, polledDirectories: 0, unread: [], notices: [] };
  return { name, ...zero, ...nothing, refused: 0, lost: 0, fault };
}

function noticesOf(withheld: number, read: LogSourceCounters | undefined): string[] {
  const { patternTimeouts = 0, polledDirectories = 0, watchFault = null } = read ?? {};
  return [
    ...(withheld === 0 ? [] : [`${withheld} lines were withheld, since a pattern took too long on them`]),
    ...(patternTimeouts === 0
      ? []
      : [
          `the pattern of where records begin took too long on ${patternTimeouts} lines, which go on with the record before`,
        ]),
    ...(watchFault === null ? [] : [`${polledDirectories} directories are looked at every second: ${watchFault}`]),
  ];
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
