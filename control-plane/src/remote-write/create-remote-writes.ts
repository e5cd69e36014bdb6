import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Stored } from "@mycloud/protocol/definition";
import type { RemoteWriteInput, RemoteWriteQueue } from "@mycloud/protocol/host-metrics";
import { loadDefinitions } from "../definition/index.ts";
import { DiskQueue } from "../log-forward/disk-queue.ts";
import { createAddressGuard } from "../outgoing-request/index.ts";
import type { Core, Part } from "../part.ts";
import { drainWrites } from "./drain-writes.ts";
import { createRemoteWriteMetrics } from "./metrics.ts";
import { createPostWrite } from "./post-write.ts";
import { toLine } from "./queued-samples.ts";
import { createRemoteWriteRoutes } from "./routes.ts";
import type { WrittenSample } from "./series.ts";
import { encodeSamples } from "./write-request.ts";

type Definition = Stored<"RemoteWrite">;
type Source = Exclude<RemoteWriteInput["what"], "both">;

interface RunningWrite {
  readonly version: string;
  readonly definition: Definition;
  readonly queue: DiskQueue;
  readonly figures: { sent: number; refused: number; lastSentAtMs: number | null; lastError: string | null };
  stop(): Promise<void>;
}

/** Samples written to stores as they come. */
export interface RemoteWrites {
  readonly part: Part;
  /** Whether any store wants samples from there. */
  isWanted(source: Source): boolean;
  /** Puts samples into the queues of those that want them; resolves when they survive a power cut. Rejects when a queue could not take them. */
  write(source: Source, samples: readonly WrittenSample[]): Promise<void>;
}

type Dependencies = Pick<
  Core,
  "configuration" | "database" | "sealer" | "changes" | "registry" | "logger" | "random" | "now"
>;

/** A request holds what is in so many bytes of a queue: some thousand samples. */
const limits = { maximumBytes: 2 * 1024 ** 3, segmentBytes: 16 * 1024 ** 2, pieceBytes: 64 * 1024 };
/** `job` of series whose source names none; external labels go before it. */
const defaultLabels = { job: "mycloud" };

/** Wires remote writes as their definitions are. Each control plane writes what came in there. */
export function createRemoteWrites(core: Dependencies): RemoteWrites {
  const { configuration, database, sealer, changes, registry, logger, random, now } = core;
  const guard = createAddressGuard(configuration.outgoingNetworks);
  const directory = join(configuration.stateDir, "remote-writes");
  const running = new Map<number, RunningWrite>();
  const metrics = createRemoteWriteMetrics(registry, function* () {
    for (const { definition, queue } of running.values()) {
      yield { name: definition.name, waitingBytes: queue.bytes, droppedBytes: queue.droppedBytes };
    }
  });
  let syncing: Promise<void> = Promise.resolve();
  let unsubscribe: (() => void) | undefined;

  function begin(definition: Definition, queue: DiskQueue): RunningWrite {
    const stopping = new AbortController();
    const labels = { remote_write: definition.name };
    // From the start: of a series that begins with its first failure, no rate shows that one.
    for (const counter of [metrics.sent, metrics.refused, metrics.failures, metrics.lost]) counter.inc(labels, 0);
    const figures: RunningWrite["figures"] = { sent: 0, refused: 0, lastSentAtMs: null, lastError: null };
    const tally = {
      sent(samples: number) {
        metrics.sent.inc(labels, samples);
        figures.sent += samples;
        if (samples === 0) return;
        figures.lastSentAtMs = now();
        figures.lastError = null;
      },
      refused(samples: number, message: string) {
        metrics.refused.inc(labels, samples);
        figures.refused += samples;
        figures.lastError = message;
      },
      failed(message: string) {
        metrics.failures.inc(labels);
        figures.lastError = message;
      },
    };
    const post = createPostWrite(definition, guard, now);
    const draining = drainWrites({ name: definition.name, queue, post, tally, logger, random }, stopping.signal).catch(
      (err: unknown) => logger.error({ err, remoteWrite: definition.name }, "samples are not written any more"),
    );
    return {
      version: JSON.stringify(definition),
      definition,
      queue,
      figures,
      async stop() {
        stopping.abort();
        await draining;
      },
    };
  }

  /** Starts, ends and changes what the definitions say. One that is disabled keeps what waits; one that is gone does not. */
  async function sync(): Promise<void> {
    const definitions = await loadDefinitions(database.db, "RemoteWrite", sealer);
    const byId = new Map(definitions.map((definition) => [definition.id, definition]));
    for (const [id, write] of running) {
      const definition = byId.get(id);
      if (definition?.isEnabled === true) continue;
      running.delete(id);
      await write.stop();
      await write.queue.close();
      if (definition === undefined) await rm(join(directory, String(id)), { recursive: true, force: true });
    }
    for (const definition of definitions) {
      const { id, isEnabled } = definition;
      const before = running.get(id);
      if (!isEnabled || JSON.stringify(definition) === before?.version) continue;
      await before?.stop();
      running.set(id, begin(definition, before?.queue ?? (await DiskQueue.open(join(directory, String(id)), limits))));
    }
  }

  /** Queues of definitions that went while this control plane was not running. */
  async function removeForgotten(): Promise<void> {
    const definitions = await loadDefinitions(database.db, "RemoteWrite", sealer);
    const known = new Set(definitions.map(({ id }) => String(id)));
    for (const name of await readdir(directory).catch(() => [])) {
      if (!known.has(name)) await rm(join(directory, name), { recursive: true, force: true });
    }
  }

  function syncSoon(): void {
    syncing = syncing.then(sync).catch((err: unknown) => logger.error({ err }, "remote writes could not be read"));
  }

  async function writeTo({ definition, queue }: RunningWrite, samples: readonly WrittenSample[]): Promise<void> {
    const request = encodeSamples(samples, { ...defaultLabels, ...definition.externalLabels });
    try {
      await queue.append([toLine({ samples: samples.length, request })]);
    } catch (error) {
      metrics.lost.inc({ remote_write: definition.name }, samples.length);
      throw error;
    }
  }

  const writesOf = (source: Source) =>
    [...running.values()].filter(({ definition: { what } }) => what === "both" || what === source);

  function* queues(): Generator<RemoteWriteQueue> {
    for (const { definition, queue, figures } of running.values()) {
      yield {
        remoteWriteId: definition.id,
        waitingBytes: queue.bytes,
        sentSamples: figures.sent,
        refusedSamples: figures.refused,
        droppedBytes: queue.droppedBytes,
        lastSentAtMs: figures.lastSentAtMs,
        lastError: figures.lastError,
      };
    }
  }

  return {
    isWanted: (source) => writesOf(source).length > 0,
    async write(source, samples) {
      if (samples.length > 0) await Promise.all(writesOf(source).map((write) => writeTo(write, samples)));
    },
    part: {
      name: "remote-write",
      routes: createRemoteWriteRoutes({ queues: () => [...queues()] }),
      async start() {
        await removeForgotten();
        syncSoon();
        await syncing;
        unsubscribe = changes.subscribe((type) => {
          if (type === "definitions") syncSoon();
        });
      },
      async stop() {
        unsubscribe?.();
        await syncing;
        await Promise.all([...running.values()].map((write) => write.stop()));
      },
    },
  };
}
