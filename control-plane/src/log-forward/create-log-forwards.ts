import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Stored } from "@mycloud/protocol/definition";
import { logMatcher, parseLogQuery } from "@mycloud/protocol/log-query";
import { Counter, Gauge } from "prom-client";
import { loadDefinitions } from "../definition/index.ts";
import type { NewLogRecord } from "../log-store/index.ts";
import { type AddressGuard, createAddressGuard } from "../outgoing-request/index.ts";
import type { Core, Part } from "../part.ts";
import { DiskQueue } from "./disk-queue.ts";
import { drainQueue } from "./drain-queue.ts";
import type { HeldLines } from "./held-ranges.ts";
import { createForwardTarget } from "./target/forward-target.ts";
import type { LogTarget } from "./target/log-target.ts";
import { createSyslogTarget } from "./target/syslog-target.ts";

type Definition = Stored<"LogForward">;

interface RunningForward {
  readonly version: string;
  readonly name: string;
  readonly matches: (record: NewLogRecord) => boolean;
  readonly queue: DiskQueue;
  stop(): Promise<void>;
}

/** Records sent on to outside systems: `hold` keeps them on disk until it is known whether they are stored, and never waits for one of those. */
export interface LogForwards {
  readonly part: Part;
  readonly hold: (records: readonly NewLogRecord[]) => Promise<HeldLines>;
}

type LogForwardDependencies = Pick<
  Core,
  "configuration" | "database" | "sealer" | "changes" | "registry" | "logger" | "random"
>;

/** Wires log forwards as their definitions are. Each control plane sends on what came in there. */
export function createLogForwards(core: LogForwardDependencies): LogForwards {
  const { configuration, database, sealer, changes, logger, random } = core;
  const guard = createAddressGuard(configuration.outgoingNetworks);
  const directory = join(configuration.stateDir, "log-forwards");
  const metrics = createMetrics(core, () => running.values());
  const running = new Map<number, RunningForward>();
  let syncing: Promise<void> = Promise.resolve();
  let unsubscribe: (() => void) | undefined;

  function begin(definition: Definition, queue: DiskQueue): RunningForward {
    const { name } = definition;
    // From the start: of a series that begins with its first failure, no rate shows that one.
    for (const counter of [metrics.sent, metrics.failures, metrics.lost]) counter.inc({ forward: name }, 0);
    const stopping = new AbortController();
    const target = targetOf(definition, guard);
    const draining = drainQueue(
      {
        name,
        queue,
        target,
        onSent: (records) => metrics.sent.inc({ forward: name }, records),
        onFailed: () => metrics.failures.inc({ forward: name }),
        logger,
        random,
      },
      stopping.signal,
    ).catch((err: unknown) => logger.error({ err, forward: name }, "logs are not sent on any more"));
    const matches = logMatcher(parseLogQuery(definition.query));
    return {
      version: JSON.stringify(definition),
      name,
      matches,
      queue,
      async stop() {
        stopping.abort();
        target.close();
        await draining;
      },
    };
  }

  /** Starts, ends and changes what the definitions say. One that is disabled keeps what waits; one that is gone does not. */
  async function sync(): Promise<void> {
    const definitions = await loadDefinitions(database.db, "LogForward", sealer);
    const byId = new Map(definitions.map((definition) => [definition.id, definition]));
    for (const [id, forward] of running) {
      const definition = byId.get(id);
      if (definition?.isEnabled === true) continue;
      running.delete(id);
      await forward.stop();
      await forward.queue.close();
      if (definition === undefined) await rm(join(directory, String(id)), { recursive: true, force: true });
    }
    for (const definition of definitions) {
      const { id, isEnabled } = definition;
      const before = running.get(id);
      if (!isEnabled || JSON.stringify(definition) === before?.version) continue;
      // One that is changed goes on with its queue: what comes in meanwhile is held there.
      await before?.stop();
      running.set(id, begin(definition, before?.queue ?? (await DiskQueue.open(join(directory, String(id))))));
    }
  }

  function syncSoon(): void {
    syncing = syncing.then(sync).catch((err: unknown) => logger.error({ err }, "log forwards could not be read"));
  }

  async function holdFor({ name, matches, queue }: RunningForward, records: readonly NewLogRecord[]) {
    const lines = records.filter(matches).map((record) => JSON.stringify(record));
    if (lines.length === 0) return undefined;
    try {
      return await queue.hold(lines);
    } catch (err) {
      metrics.lost.inc({ forward: name }, lines.length);
      logger.error({ err, forward: name }, "logs could not be kept for sending on");
      return undefined;
    }
  }

  return {
    async hold(records) {
      const held = await Promise.all([...running.values()].map((forward) => holdFor(forward, records)));
      return {
        release: () => held.forEach((lines) => void lines?.release()),
        discard: () => held.forEach((lines) => void lines?.discard()),
      };
    },
    part: {
      name: "log-forward",
      async start() {
        syncSoon();
        await syncing;
        unsubscribe = changes.subscribe((type) => {
          if (type === "definitions") syncSoon();
        });
      },
      async stop() {
        unsubscribe?.();
        await syncing;
        await Promise.all([...running.values()].map((forward) => forward.stop()));
      },
    },
  };
}

function targetOf({ target }: Definition, guard: AddressGuard): LogTarget {
  return target.type === "forward" ? createForwardTarget(target, guard) : createSyslogTarget(target, guard);
}

function createMetrics({ registry }: Pick<Core, "registry">, forwards: () => Iterable<RunningForward>) {
  const registers = [registry];
  const counter = (what: string, help: string) =>
    new Counter({ name: `mycloud_log_forward_${what}_total`, help, labelNames: ["forward"], registers });
  new Gauge({
    name: "mycloud_log_forward_queue_bytes",
    help: "Bytes of records that wait to be sent on.",
    labelNames: ["forward"],
    registers,
    collect() {
      this.reset();
      for (const { name, queue } of forwards()) this.set({ forward: name }, queue.bytes);
    },
  });
  new Gauge({
    name: "mycloud_log_forward_dropped_bytes",
    help: "Bytes of records that were dropped since the start, because the queue was full.",
    labelNames: ["forward"],
    registers,
    collect() {
      this.reset();
      for (const { name, queue } of forwards()) this.set({ forward: name }, queue.droppedBytes);
    },
  });
  return {
    sent: counter("sent", "Records that were sent on."),
    failures: counter("failures", "Times that a target could not take what was sent."),
    lost: counter("lost", "Records that could not be kept for sending on."),
  };
}
