import { promisify } from "node:util";
import { constants, crc32, gzip } from "node:zlib";
import type { Logger } from "../logger/index.ts";
import { changeCheckpoint, dropUnused, type KeptCheckpoint, noteUsed, type SourceCheckpoint } from "./checkpoint.ts";
import { createCheckpointLog } from "./checkpoint-log.ts";
import { type ChunkHeader, formatChunkHeader } from "./chunk-file.ts";
import { commitChunk } from "./commit-chunk.ts";
import { destinationFolder } from "./destination-folder.ts";
import { type DestinationQueue, type OwnedDestinationQueue, openDestinationQueue } from "./destination-queue.ts";
import { recoverQueue } from "./recover-queue.ts";
import { removeStale } from "./remove-stale.ts";
import { type ClosedChunk, createSourceLane, type LogAppend, type SourceLane } from "./source-lane.ts";
import { createDurableWrites } from "./write-durably.ts";

const compress = promisify(gzip);

export interface LogQueueOptions {
  readonly directory: string;
  readonly logger: Logger;
  readonly now: () => number;
  /** Base64 of 16 random bytes. */
  readonly newChunkId: () => string;
  /** A chunk is closed when it has so many bytes before compression. */
  readonly targetBytes?: number;
  /** What is open is closed or journaled so often. */
  readonly tickMs?: number;
}

/** What the queue holds for one destination. */
export interface DestinationQueueStatus {
  readonly name: string;
  readonly chunks: number;
  readonly bytes: number;
  /** When the first record was read that the destination has not acknowledged. */
  readonly oldestAtMs: number | null;
}

export interface QueueBounds {
  /** For each destination. */
  readonly maximumBytes: number;
  readonly whenFull: "drop-oldest" | "block";
}

/** Records on their way from sources to destinations, on disk. */
export interface LogQueue {
  /**
   * What it is for from now on. What waits for other destinations, and how far other sources have been read, is kept for a week, in case they come back.
   */
  configure(destinations: readonly string[], bounds: QueueBounds, sources: readonly string[]): Promise<void>;
  /** How far a source has been read: behind all that was appended. */
  checkpointOf(source: string): SourceCheckpoint;
  /**
   * Resolves when the queue has taken it, which may have to wait for room; not when it is on disk. Rejects, and has not taken it, when the signal fires or
   * the queue is closed. One at a time for each source.
   */
  append(part: LogAppend, signal?: AbortSignal): Promise<void>;
  /** Resolves when what was appended is in the queues. */
  flush(): Promise<void>;
  destination(name: string): DestinationQueue | undefined;
  status(): readonly DestinationQueueStatus[];
  /** Why nothing can be written now; null when it can. */
  readonly fault: string | null;
  /** Writes what is open, as far as it can be written within a second, and stops. */
  close(): Promise<void>;
}

const flushOnCloseMs = 1_200;
/** Checkpoints without records behind them are written so often. */
const checkpointsEveryMs = 1_000;

/** Opens the queue in a directory: cuts what was half-written, and goes on where it was. Throws what the file system says. */
export async function openLogQueue(options: LogQueueOptions): Promise<LogQueue> {
  const { directory, logger, now, newChunkId, targetBytes = 512 * 1024, tickMs = 500 } = options;
  const closing = new AbortController();
  const writes = createDurableWrites(logger, closing.signal);
  const recovered = await recoverQueue({ directory, logger });
  const { paths, kept, queues } = recovered;
  const checkpoints = createCheckpointLog({ path: paths.checkpoints, kept });
  let nextSequence = recovered.nextSequence;
  let bounds: QueueBounds = { maximumBytes: Number.MAX_SAFE_INTEGER, whenFull: "block" };
  let active = new Map<string, OwnedDestinationQueue>();
  let used: ReadonlySet<string> = new Set();
  const lanes = new Map<string, SourceLane>();
  const appended = new Map<string, SourceCheckpoint>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSettling = false;
  let checkpointsChangedAtMs: number | undefined;

  function laneOf(source: string): SourceLane {
    let lane = lanes.get(source);
    lane ??= createSourceLane({
      source,
      targetBytes,
      newChunkId,
      journalPath: paths.journalOf,
      commit,
      isAnyIdle: (names) => names.some((name) => (active.get(name)?.chunks().length ?? 0) < 2),
      attempt: writes.attempt,
    });
    lanes.set(source, lane);
    return lane;
  }

  function appendedOf(source: string): SourceCheckpoint {
    const known = appended.get(source) ?? structuredClone(kept.get(source)?.parts ?? {});
    appended.set(source, known);
    return known;
  }

  async function commit(chunk: ClosedChunk): Promise<void> {
    if (chunk.records > 0 && chunk.destinations.length > 0) await write(chunk);
    else if (Object.keys(chunk.checkpoint).length > 0) {
      keep(chunk, kept.get(chunk.source)?.sequence ?? 0);
      checkpointsChangedAtMs ??= now();
    }
    // What can be read again need not be here: the chunk, or what it was, is safe.
    await chunk.journal?.remove().catch((err: unknown) => logger.error({ err }, "a journal of logs cannot be removed"));
    wake();
  }

  async function write(chunk: ClosedChunk): Promise<void> {
    const body = await compress(chunk.entries, {
      level: 1,
      chunkSize: 128 * 1024,
      strategy: constants.Z_DEFAULT_STRATEGY,
    });
    const sequence = nextSequence++;
    const { id, source, tag, destinations, records, oldestAtMs, checkpoint } = chunk;
    const header: ChunkHeader = {
      id,
      sequence,
      source,
      tag,
      destinations,
      records,
      oldestAtMs,
      bodyBytes: body.length,
      bodyCrc32: crc32(body),
      checkpoint,
    };
    const head = formatChunkHeader(header);
    const targets = await Promise.all(destinations.map(openQueue));
    await Promise.all(targets.map((target) => waitForRoom(target, head.length + body.length)));
    await writes.persist(
      () => commitChunk(paths, sequence, [head, body], targets),
      () => makeRoomOnDisk(targets),
    );
    keep(chunk, sequence);
    for (const target of targets) target.add(header, head.length + body.length);
  }

  function keep({ source, id, checkpoint }: ClosedChunk, sequence: number): void {
    const before = kept.get(source);
    // What was still on its way when its job ended makes no job of it.
    const unusedSinceMs = used.has(source) ? null : (before?.unusedSinceMs ?? now());
    const next: KeptCheckpoint = { sequence, chunkId: id, parts: before?.parts ?? {}, unusedSinceMs };
    changeCheckpoint(next.parts, checkpoint);
    kept.set(source, next);
    checkpoints.note(source, checkpoint);
  }

  async function openQueue(name: string): Promise<OwnedDestinationQueue> {
    const folder = destinationFolder(name);
    let queue = queues.get(folder);
    // Opened by two sources at once, the folder is empty for both; the first one stays.
    if (queue === undefined) {
      const opened = await openDestinationQueue({ name, directory: paths.queueOf(folder), logger });
      queue = queues.get(folder) ?? opened.queue;
    }
    queues.set(folder, queue);
    return queue;
  }

  async function waitForRoom(queue: OwnedDestinationQueue, bytes: number): Promise<void> {
    const isFull = () => queue.chunks().length > 0 && queue.bytes + bytes > bounds.maximumBytes;
    while (isFull()) {
      if (bounds.whenFull === "drop-oldest") {
        if (!(await queue.dropOldest())) return;
        checkpointsChangedAtMs ??= now();
      } else {
        await untilChanged(queue);
      }
    }
  }

  /** Also when the bounds change. */
  const boundsListeners = new Set<() => void>();
  function untilChanged(queue: OwnedDestinationQueue): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        stop();
        boundsListeners.delete(end);
        closing.signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const onAbort = () => {
        end();
        reject(closing.signal.reason);
      };
      const stop = queue.onChange(end);
      boundsListeners.add(end);
      closing.signal.addEventListener("abort", onAbort, { once: true });
      if (closing.signal.aborted) reject(closing.signal.reason);
    });
  }

  async function makeRoomOnDisk(targets: readonly OwnedDestinationQueue[]): Promise<boolean> {
    if (bounds.whenFull !== "drop-oldest") return false;
    const dropped = await Promise.all(targets.map((target) => target.dropOldest()));
    return dropped.includes(true);
  }

  /** Writes the checkpoints, and removes what they make superfluous. */
  async function settle(): Promise<void> {
    if (isSettling) return;
    isSettling = true;
    try {
      const counts = [...queues.values()].map((queue) => ({ queue, count: queue.acknowledgedChunks }));
      checkpointsChangedAtMs = undefined;
      for (const source of dropUnused(kept, now())) {
        appended.delete(source);
        checkpoints.forget(source);
      }
      const isWritten = await writes.attempt(checkpoints.write);
      if (!isWritten) checkpointsChangedAtMs = now();
      for (const { queue, count } of counts) {
        if (isWritten) await queue.removeAcknowledged(count);
        else await queue.emptyAcknowledged();
      }
    } finally {
      isSettling = false;
    }
  }

  const hasAcknowledged = () => [...queues.values()].some((queue) => queue.acknowledgedChunks > 0);
  const isCheckpointDue = () =>
    checkpointsChangedAtMs !== undefined && now() - checkpointsChangedAtMs >= checkpointsEveryMs;

  function wake(): void {
    timer ??= closing.signal.aborted ? undefined : setTimeout(() => void tick(), tickMs);
  }

  async function tick(): Promise<void> {
    timer = undefined;
    await Promise.all([...lanes.values()].map((lane) => lane.tick().catch(() => undefined)));
    if (hasAcknowledged() || isCheckpointDue()) await settle();
    const isBusy = hasAcknowledged() || checkpointsChangedAtMs !== undefined;
    if (isBusy || [...lanes.values()].some(({ hasOpen }) => hasOpen)) wake();
  }

  wake();
  return {
    async configure(names, next, sources) {
      bounds = next;
      used = new Set(sources);
      for (const source of noteUsed(kept, used, now())) {
        checkpoints.note(source, {});
        checkpointsChangedAtMs ??= now();
      }
      if (dropUnused(new Map(kept), now()).length > 0) checkpointsChangedAtMs ??= now();
      const opened = await Promise.all(names.map(async (name) => [name, await openQueue(name)] as const));
      for (const [name, queue] of opened) if (!active.has(name)) queue.onChange(wake);
      active = new Map(opened);
      for (const listener of [...boundsListeners]) listener();
      await removeStale(queues, new Set(names.map(destinationFolder)), now());
      wake();
    },
    checkpointOf: (source) => structuredClone(appendedOf(source)),
    async append(part, signal) {
      closing.signal.throwIfAborted();
      await laneOf(part.source).append(part, signal ?? closing.signal);
      changeCheckpoint(appendedOf(part.source), part.checkpoint);
      wake();
    },
    async flush() {
      await Promise.all([...lanes.values()].map((lane) => lane.flush()));
    },
    destination: (name) => active.get(name),
    status: () =>
      [...active].map(([name, queue]) => {
        const mine = [...lanes.values()].filter(({ destinations }) => destinations.includes(name));
        const oldest = [
          ...queue.chunks().map(({ oldestAtMs }) => oldestAtMs),
          ...mine.flatMap((lane) => lane.oldestAtMs() ?? []),
        ];
        return {
          name,
          chunks: queue.chunks().length,
          bytes: queue.bytes + mine.reduce((sum, lane) => sum + lane.openBytes, 0),
          oldestAtMs: oldest.length === 0 ? null : oldest.reduce((least, each) => Math.min(least, each)),
        };
      }),
    get fault() {
      return writes.fault;
    },
    async close() {
      const flushed = Promise.allSettled([...lanes.values()].map((lane) => lane.flush()));
      await Promise.race([flushed, new Promise((resolve) => setTimeout(resolve, flushOnCloseMs).unref())]);
      closing.abort(new Error("the queue of logs is closed"));
      clearTimeout(timer);
      await flushed;
      while (isSettling) await new Promise((resolve) => setTimeout(resolve, 10));
      await settle();
      await checkpoints.close();
    },
  };
}
