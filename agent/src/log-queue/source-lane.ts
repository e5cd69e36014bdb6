import { type CheckpointChange, joinChanges } from "./checkpoint.ts";
import { createJournal, type GroupHeader, type Journal } from "./journal.ts";

/** Records of one source, encoded. */
export interface LogAppend {
  readonly source: string;
  readonly tag: string;
  readonly destinations: readonly string[];
  /** Entries one behind another; copied. */
  readonly entries: Buffer;
  readonly records: number;
  readonly readAtMs: number;
  /** How far the source has been read with these records. */
  readonly checkpoint: CheckpointChange;
}

/** A chunk that is closed but not yet written. */
export interface ClosedChunk extends GroupHeader {
  readonly id: string;
  readonly entries: Buffer;
  readonly journal: Journal | undefined;
}

export interface LaneOptions {
  readonly source: string;
  readonly targetBytes: number;
  readonly newChunkId: () => string;
  readonly journalPath: (chunkId: string) => string;
  /** Compresses and writes; resolves when the chunk is in the queues, or rejects when the shipper stops. */
  readonly commit: (chunk: ClosedChunk) => Promise<void>;
  /** Whether one of these destinations has nothing to do. */
  readonly isAnyIdle: (destinations: readonly string[]) => boolean;
  /** A write that failed is tried again later; answers whether it worked. */
  readonly attempt: (write: () => Promise<void>) => Promise<boolean>;
}

/** Where the records of one source become chunks: one is open, and one at most is being closed. */
export interface SourceLane {
  /** Resolves when it was taken, which may have to wait for room; rejects, and has not taken it, when a signal fires or the shipper stops. One at a time. */
  append(part: LogAppend, signal: AbortSignal): Promise<void>;
  /** Twice a second: closes or journals what is open. */
  tick(): Promise<void>;
  /** Closes what is open; resolves when it is in the queues. */
  flush(): Promise<void>;
  /** When the first record was read that no queue has yet; undefined when there is none. */
  oldestAtMs(): number | undefined;
  readonly hasOpen: boolean;
  readonly openBytes: number;
  readonly destinations: readonly string[];
}

const firstBytes = 64 * 1024;

interface OpenChunk {
  readonly id: string;
  readonly tag: string;
  readonly destinations: readonly string[];
  readonly oldestAtMs: number;
  readonly checkpoint: CheckpointChange;
  records: number;
  journal: Journal | undefined;
  /** How much of it the journal has. */
  journaledBytes: number;
  journaledRecords: number;
  /** What changed since. */
  unjournaled: CheckpointChange;
}

/** Makes a lane with nothing in it. */
export function createSourceLane(options: LaneOptions): SourceLane {
  const { source, targetBytes, commit } = options;
  let buffer: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  let spare: Buffer | undefined;
  let length = 0;
  let open: OpenChunk | undefined;
  let closing: Promise<void> | undefined;
  let closingOldestAtMs: number | undefined;
  let journaling: Promise<void> | undefined;
  let destinations: readonly string[] = [];

  async function append(part: LogAppend, signal: AbortSignal): Promise<void> {
    const isOther = open !== undefined && (open.tag !== part.tag || !isSame(open.destinations, part.destinations));
    if (open !== undefined && (isOther || (length > 0 && length + part.entries.length > targetBytes))) {
      await unlessAborted(close(), signal);
    }
    destinations = part.destinations;
    open ??= {
      id: options.newChunkId(),
      tag: part.tag,
      destinations: part.destinations,
      oldestAtMs: part.readAtMs,
      checkpoint: {},
      records: 0,
      journal: undefined,
      journaledBytes: 0,
      journaledRecords: 0,
      unjournaled: {},
    };
    reserve(part.entries.length);
    part.entries.copy(buffer, length);
    length += part.entries.length;
    open.records += part.records;
    joinChanges(open.checkpoint, part.checkpoint);
    joinChanges(open.unjournaled, part.checkpoint);
    // It was taken: who hands on the next one waits.
    if (length >= targetBytes) close().catch(() => undefined);
  }

  function reserve(bytes: number): void {
    if (length + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, length + bytes));
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  }

  /** After a burst: a host may have many sources, and each would keep what it needed once. */
  function releaseBuffers(): void {
    spare = undefined;
    if (buffer.length > firstBytes) buffer = Buffer.allocUnsafeSlow(firstBytes);
  }

  /** Begins to close what is open, once the chunk before is in the queues: the order of a source is kept. */
  async function close(): Promise<void> {
    while (journaling !== undefined || closing !== undefined) await (journaling ?? closing);
    const chunk = open;
    if (chunk === undefined) return;
    const full = buffer;
    const entries = full.subarray(0, length);
    buffer = spare ?? Buffer.allocUnsafeSlow(firstBytes);
    spare = undefined;
    length = 0;
    open = undefined;
    closingOldestAtMs = chunk.records === 0 ? undefined : chunk.oldestAtMs;
    const { id, tag, records, oldestAtMs, checkpoint, journal } = chunk;
    closing = commit({
      id,
      source,
      tag,
      destinations: [...chunk.destinations],
      records,
      oldestAtMs,
      checkpoint,
      journal,
      entries,
    }).then(() => {
      spare = full.length <= targetBytes * 2 ? full : undefined;
      closing = undefined;
      closingOldestAtMs = undefined;
    });
    // Whoever appends next hears of it; until then it is nobody's.
    closing.catch(() => undefined);
  }

  async function journal(chunk: OpenChunk): Promise<void> {
    if (length === chunk.journaledBytes && Object.keys(chunk.unjournaled).length === 0) return;
    const end = length;
    const records = chunk.records;
    const { tag, oldestAtMs, unjournaled } = chunk;
    const header = {
      source,
      tag,
      destinations: [...chunk.destinations],
      records: records - chunk.journaledRecords,
      oldestAtMs,
      checkpoint: unjournaled,
    };
    // The buffer may be moved to a larger one meanwhile, but what is in this one stays.
    const entries = buffer.subarray(chunk.journaledBytes, end);
    chunk.unjournaled = {};
    const isWritten = await options.attempt(async () => {
      chunk.journal ??= await createJournal(options.journalPath(chunk.id));
      await chunk.journal.append(header, entries);
    });
    if (isWritten) {
      chunk.journaledBytes = end;
      chunk.journaledRecords = records;
    } else {
      const later = chunk.unjournaled;
      chunk.unjournaled = unjournaled;
      joinChanges(chunk.unjournaled, later);
    }
  }

  return {
    append,
    async tick() {
      if (open === undefined && closing === undefined) releaseBuffers();
      if (open === undefined || closing !== undefined || journaling !== undefined) return;
      if (open.records === 0 || options.isAnyIdle(open.destinations)) return await close();
      // Nothing is journaled while the chunk before is not in the queues: a checkpoint would stand for records that are nowhere.
      journaling = journal(open).finally(() => {
        journaling = undefined;
      });
      await journaling;
    },
    async flush() {
      await close();
      await closing;
    },
    oldestAtMs: () => closingOldestAtMs ?? (open !== undefined && open.records > 0 ? open.oldestAtMs : undefined),
    get hasOpen() {
      return open !== undefined || closing !== undefined;
    },
    get openBytes() {
      return length;
    },
    get destinations() {
      return destinations;
    },
  };
}

/** Waits for a promise, but not for longer than until the signal fires. */
async function unlessAborted(waited: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([waited, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    waited.catch(() => undefined);
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((name, index) => name === other[index]));
}
