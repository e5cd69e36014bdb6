import { mkdir, readdir, rename, stat, truncate, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../logger/index.ts";
import { type ChunkHeader, DamagedChunkError, readChunkBody, readChunkHeader } from "./chunk-file.ts";

/** A closed chunk that waits for a destination. */
export interface WaitingChunk {
  readonly id: string;
  readonly sequence: number;
  readonly source: string;
  readonly tag: string;
  readonly records: number;
  readonly oldestAtMs: number;
  /** Of its file. */
  readonly bytes: number;
}

/** What a queue counts, since the shipper started. */
export interface QueueCounters {
  readonly shippedRecords: number;
  readonly shippedChunks: number;
  /** Because the queue was full. */
  readonly droppedRecords: number;
  readonly droppedChunks: number;
  /** Put aside: the destination never takes them, or they were damaged on disk. */
  readonly refusedRecords: number;
  readonly refusedChunks: number;
}

/** The closed chunks that wait for one destination, oldest first. */
export interface DestinationQueue {
  readonly name: string;
  /** What waits, oldest first; good until the next await. */
  chunks(): readonly WaitingChunk[];
  /** Throws DamagedChunkError; such a chunk is put aside by whoever reads it. */
  read(chunk: WaitingChunk): Promise<Buffer>;
  /** It is sent now: it is not dropped until `release`. */
  hold(chunk: WaitingChunk): void;
  release(chunk: WaitingChunk): void;
  /** The destination has it. */
  acknowledge(chunk: WaitingChunk): void;
  /** The destination does not take it, and others wait behind it. */
  putAside(chunk: WaitingChunk, reason: string): Promise<void>;
  readonly bytes: number;
  readonly counters: QueueCounters;
  /** Chunks that were put aside and still lie there. */
  readonly asideChunks: number;
  /** Calls `listener` when a chunk came or went. Answers what ends that. */
  onChange(listener: () => void): () => void;
}

/** What the queue of all destinations does with one of them. */
export interface OwnedDestinationQueue extends DestinationQueue {
  readonly directory: string;
  /** Takes a chunk whose file lies in the directory. */
  add(header: ChunkHeader, bytes: number): void;
  pathOf(sequence: number): string;
  /** Drops the oldest chunk that is not being sent; false when there is none. */
  dropOldest(): Promise<boolean>;
  /** Removes the files of the first so many that were acknowledged: their checkpoints are safe. */
  removeAcknowledged(count: number): Promise<void>;
  /** Gives the space of what was acknowledged back while its checkpoints cannot be written: only its header stays. */
  emptyAcknowledged(): Promise<void>;
  readonly acknowledgedChunks: number;
}

const maximumAsideChunks = 100;
const maximumAsideBytes = 64 * 1024 * 1024;

/** Opens the queue of a destination; answers also the headers of all its chunks, for their checkpoints. */
export async function openDestinationQueue(options: {
  readonly name: string;
  readonly directory: string;
  readonly logger: Logger;
}): Promise<{ readonly queue: OwnedDestinationQueue; readonly headers: readonly ChunkHeader[] }> {
  const { name, directory } = options;
  const logger = options.logger.child({ destination: name });
  const asideDirectory = join(directory, "aside");
  await mkdir(asideDirectory, { recursive: true, mode: 0o700 });
  const headers: ChunkHeader[] = [];
  const waiting: WaitingChunk[] = [];
  const held = new Set<number>();
  const acknowledged: WaitingChunk[] = [];
  const listeners = new Set<() => void>();
  let bytes = 0;
  let aside = await listAside(asideDirectory);
  const counters = {
    shippedRecords: 0,
    shippedChunks: 0,
    droppedRecords: 0,
    droppedChunks: 0,
    refusedRecords: 0,
    refusedChunks: 0,
  };

  const pathOf = (sequence: number) => join(directory, fileName(sequence));

  function changed(): void {
    for (const listener of listeners) listener();
  }

  function take(header: ChunkHeader, size: number): void {
    const { id, sequence, source, tag, records, oldestAtMs } = header;
    waiting.push({ id, sequence, source, tag, records, oldestAtMs, bytes: size });
    bytes += size;
  }

  function forget(chunk: WaitingChunk): boolean {
    const index = waiting.indexOf(chunk);
    if (index === -1) return false;
    waiting.splice(index, 1);
    held.delete(chunk.sequence);
    bytes -= chunk.bytes;
    return true;
  }

  async function moveAside(file: string): Promise<void> {
    await rename(join(directory, file), join(asideDirectory, file));
    aside.push({ file, bytes: (await stat(join(asideDirectory, file))).size });
    const total = () => aside.reduce((sum, each) => sum + each.bytes, 0);
    while (aside.length > 1 && (aside.length > maximumAsideChunks || total() > maximumAsideBytes)) {
      const [oldest, ...rest] = aside;
      aside = rest;
      if (oldest !== undefined) await unlink(join(asideDirectory, oldest.file)).catch(() => undefined);
    }
  }

  for (const file of await listChunks(directory)) {
    const path = join(directory, file);
    try {
      const { header, bodyAt, isHusk } = await readChunkHeader(path);
      headers.push(header);
      if (isHusk) acknowledged.push({ ...header, bytes: bodyAt });
      else take(header, bodyAt + header.bodyBytes);
    } catch (err) {
      if (!(err instanceof DamagedChunkError)) throw err;
      logger.error({ err, path }, "a chunk of logs is damaged and put aside");
      counters.refusedChunks++;
      await moveAside(file);
    }
  }

  const queue: OwnedDestinationQueue = {
    name,
    directory,
    counters,
    pathOf,
    chunks: () => waiting,
    read: (chunk) => readChunkBody(pathOf(chunk.sequence)),
    hold: (chunk) => void held.add(chunk.sequence),
    release: (chunk) => void held.delete(chunk.sequence),
    acknowledge(chunk) {
      if (!forget(chunk)) return;
      counters.shippedChunks++;
      counters.shippedRecords += chunk.records;
      acknowledged.push(chunk);
      changed();
    },
    async putAside(chunk, reason) {
      if (!forget(chunk)) return;
      counters.refusedChunks++;
      counters.refusedRecords += chunk.records;
      logger.error(
        { reason, chunk: chunk.id, source: chunk.source, records: chunk.records },
        "a chunk of logs is put aside",
      );
      await moveAside(fileName(chunk.sequence)).catch((err: unknown) =>
        logger.error({ err }, "a chunk of logs cannot be put aside"),
      );
      changed();
    },
    add(header, size) {
      take(header, size);
      changed();
    },
    async dropOldest() {
      const oldest = waiting.find(({ sequence }) => !held.has(sequence));
      if (oldest === undefined || !forget(oldest)) return false;
      counters.droppedChunks++;
      counters.droppedRecords += oldest.records;
      await unlink(pathOf(oldest.sequence)).catch(() => undefined);
      changed();
      return true;
    },
    async removeAcknowledged(count) {
      for (const { sequence } of acknowledged.splice(0, count)) await unlink(pathOf(sequence)).catch(() => undefined);
    },
    async emptyAcknowledged() {
      for (const { sequence } of acknowledged) await emptyFile(pathOf(sequence));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get bytes() {
      return bytes;
    },
    get asideChunks() {
      return aside.length;
    },
    get acknowledgedChunks() {
      return acknowledged.length;
    },
  };
  return { queue, headers };
}

/** Cuts a chunk behind its header, unless another destination still has it under another name. */
async function emptyFile(path: string): Promise<void> {
  try {
    if ((await stat(path)).nlink > 1) return;
    const { bodyAt, isHusk } = await readChunkHeader(path);
    if (!isHusk) await truncate(path, bodyAt);
  } catch {
    // Then its space stays taken for now.
  }
}

/** The name of a chunk's file: in the order of the queue. Pure. */
export function fileName(sequence: number): string {
  return `${String(sequence).padStart(16, "0")}.chunk`;
}

/** The chunk files of a folder in order. */
export async function listChunks(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => /^\d{16}\.chunk$/.test(name)).sort();
}

async function listAside(directory: string): Promise<{ file: string; bytes: number }[]> {
  const files = await listChunks(directory);
  return Promise.all(files.map(async (file) => ({ file, bytes: (await stat(join(directory, file))).size })));
}
