import { mkdir, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { AgentResultBatch } from "@mycloud/protocol/agent";
import type { AgentCheckResult } from "@mycloud/protocol/check-result";
import type { Logger } from "../logger/index.ts";
import { syncDirectory, writeFileAtomically } from "../state-directory/index.ts";
import { batchFileName, parseBatch, parseBatchFileName } from "./batch.ts";
import { countToDrop, type SpoolPolicy } from "./spool-policy.ts";

/** What waits, and what was given up since the start. */
export interface SpoolStatus {
  readonly batches: number;
  readonly bytes: number;
  readonly oldestAtMs: number | null;
  /** Batches, and results in them as far as known, dropped because the spool was full. */
  readonly droppedBatches: number;
  readonly droppedResults: number;
  /** Batches set aside: damaged, or refused as invalid. */
  readonly rejectedBatches: number;
}

export interface Spool {
  /** Takes results in; they are on disk when this resolves, or in memory when the disk takes none. Never throws. */
  append(results: readonly AgentCheckResult[]): Promise<void>;
  /** The oldest batch, or undefined. It stays until `remove` or `reject` is called with its id. */
  oldest(): Promise<AgentResultBatch | undefined>;
  /** Delivered. */
  remove(batchId: string): Promise<void>;
  /** Refused for good: set aside. */
  reject(batchId: string, reason: string): Promise<void>;
  status(): SpoolStatus;
}

/** What a spool needs from outside. */
export interface SpoolOptions {
  readonly directory: string;
  readonly policy: SpoolPolicy;
  readonly now: () => number;
  readonly newBatchId: () => string;
  readonly logger: Logger;
  /** Replaced in tests, to play a full disk. */
  readonly writeFile?: typeof writeFileAtomically;
}

interface Entry {
  readonly sequence: number;
  readonly batchId: string;
  readonly createdAtMs: number;
  sizeBytes: number;
  /** Unknown for files from before the start that were not read yet. */
  resultCount: number | undefined;
  /** Only what the disk did not take. */
  inMemory: AgentResultBatch | undefined;
}

/** Opens the spool and counts what the last run left. Throws when the directory cannot be made or read. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { directory, policy, now, logger } = options;
  const writeFile = options.writeFile ?? writeFileAtomically;
  const rejectedDirectory = join(directory, "rejected");
  await mkdir(rejectedDirectory, { recursive: true, mode: 0o750 });
  const entries: Entry[] = await findEntries(directory);
  let nextSequence = (entries.at(-1)?.sequence ?? 0) + 1;
  /** The newest batch while it may still grow: never handed out by `oldest`. */
  let tail: { entry: Entry; results: AgentCheckResult[] } | undefined;
  let droppedBatches = 0;
  let droppedResults = 0;
  let rejectedBatches = 0;
  let lastFault = "";
  let work: Promise<unknown> = Promise.resolve();

  /** One change at a time: appending and delivering meet here. */
  function inTurn<Value>(task: () => Promise<Value>): Promise<Value> {
    const result = work.then(task);
    work = result.catch(() => undefined);
    return result;
  }

  const pathOf = (entry: Entry) => join(directory, batchFileName(entry.sequence, entry.batchId));

  async function write(entry: Entry, results: readonly AgentCheckResult[]): Promise<void> {
    const batch: AgentResultBatch = { batchId: entry.batchId, results: [...results] };
    const text = JSON.stringify(batch);
    entry.sizeBytes = Buffer.byteLength(text);
    entry.resultCount = results.length;
    try {
      await writeFile(pathOf(entry), text);
      entry.inMemory = undefined;
      if (lastFault !== "") logger.info({}, "the spool can be written again");
      lastFault = "";
    } catch (error) {
      entry.inMemory = batch;
      noteFault(error, "results could not be written to the spool and wait in memory");
    }
  }

  function noteFault(error: unknown, message: string): void {
    const fault = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (fault !== lastFault) logger.error({ err: error, directory }, message);
    lastFault = fault;
  }

  async function appendInTurn(results: readonly AgentCheckResult[]): Promise<void> {
    for (const entry of entries) if (entry.inMemory !== undefined) await write(entry, entry.inMemory.results);
    const hasRoom =
      tail !== undefined &&
      tail.results.length + results.length <= policy.growUntilResults &&
      tail.entry.sizeBytes + lengthOf(results) <= policy.growUntilBytes;
    if (tail !== undefined && hasRoom) {
      tail.results.push(...results);
    } else {
      const entry: Entry = {
        sequence: nextSequence++,
        batchId: options.newBatchId(),
        createdAtMs: now(),
        sizeBytes: 0,
        resultCount: 0,
        inMemory: undefined,
      };
      entries.push(entry);
      tail = { entry, results: [...results] };
    }
    await write(tail.entry, tail.results);
    await keepWithinBounds();
  }

  async function keepWithinBounds(): Promise<void> {
    const sizes = entries.map((entry) => entry.sizeBytes);
    const dropped = entries.splice(0, countToDrop(sizes, policy));
    const held = entries.filter((entry) => entry.inMemory !== undefined);
    const heldBounds = { maximumBytes: policy.maximumMemoryBytes, maximumBatches: policy.maximumBatches };
    const overHeld = held.slice(
      0,
      countToDrop(
        held.map((entry) => entry.sizeBytes),
        heldBounds,
      ),
    );
    for (const entry of overHeld) entries.splice(entries.indexOf(entry), 1);
    for (const entry of [...dropped, ...overHeld]) {
      droppedBatches++;
      droppedResults += entry.resultCount ?? 1;
      await removeFile(entry);
    }
    if (dropped.length + overHeld.length > 0)
      logger.warn({ droppedBatches }, "the spool is full: the oldest results were dropped");
  }

  async function removeFile(entry: Entry): Promise<void> {
    await unlink(pathOf(entry)).catch((error: unknown) => {
      // A batch that was only ever in memory has no file.
      if (!isMissing(error))
        noteFault(error, "a batch could not be removed from the spool and will be delivered again");
    });
  }

  async function setAside(entry: Entry, reason: string): Promise<void> {
    rejectedBatches++;
    logger.error({ batchId: entry.batchId, reason }, "a batch was set aside");
    const name = batchFileName(entry.sequence, entry.batchId);
    await rename(join(directory, name), join(rejectedDirectory, name)).catch(() => undefined);
    const kept = (await readdir(rejectedDirectory).catch(() => [])).sort();
    for (const old of kept.slice(0, Math.max(0, kept.length - policy.keptRejected))) {
      await unlink(join(rejectedDirectory, old)).catch(() => undefined);
    }
    await syncDirectory(directory).catch(() => undefined);
  }

  async function oldestInTurn(): Promise<AgentResultBatch | undefined> {
    for (;;) {
      const entry = entries[0];
      if (entry === undefined) return undefined;
      if (tail?.entry === entry) tail = undefined;
      if (entry.inMemory !== undefined) return entry.inMemory;
      const text = await readFile(pathOf(entry), "utf8").catch((error: unknown) => {
        noteFault(error, "a batch of the spool could not be read");
        return undefined;
      });
      const batch = text === undefined ? undefined : parseBatch(text);
      if (batch?.batchId === entry.batchId) {
        entry.resultCount = batch.results.length;
        return batch;
      }
      entries.shift();
      await setAside(entry, "the file is damaged");
    }
  }

  function take(batchId: string): Entry | undefined {
    const index = entries.findIndex((entry) => entry.batchId === batchId);
    if (index < 0) return undefined;
    if (tail?.entry === entries[index]) tail = undefined;
    return entries.splice(index, 1)[0];
  }

  return {
    append: (results) =>
      inTurn(async () => {
        for (const part of partsOf(results, policy)) await appendInTurn(part);
      }),
    oldest: () => inTurn(oldestInTurn),
    remove: (batchId) =>
      inTurn(async () => {
        const entry = take(batchId);
        if (entry !== undefined) await removeFile(entry);
      }),
    reject: (batchId, reason) =>
      inTurn(async () => {
        const entry = take(batchId);
        if (entry !== undefined) await setAside(entry, reason);
      }),
    status: () => ({
      batches: entries.length,
      bytes: entries.reduce((sum, entry) => sum + entry.sizeBytes, 0),
      oldestAtMs: entries[0]?.createdAtMs ?? null,
      droppedBatches,
      droppedResults,
      rejectedBatches,
    }),
  };
}

/** Cuts results into parts that a batch can hold; one result alone is always a part. */
function partsOf(results: readonly AgentCheckResult[], policy: SpoolPolicy): AgentCheckResult[][] {
  const parts: AgentCheckResult[][] = [];
  let part: AgentCheckResult[] = [];
  let length = 0;
  for (const result of results) {
    const added = lengthOf([result]);
    if (part.length > 0 && (part.length >= policy.growUntilResults || length + added > policy.growUntilBytes)) {
      parts.push(part);
      part = [];
      length = 0;
    }
    part.push(result);
    length += added;
  }
  return part.length === 0 ? parts : [...parts, part];
}

/** About how long results are as JSON; output is what varies. */
function lengthOf(results: readonly AgentCheckResult[]): number {
  return results.reduce((sum, result) => sum + result.output.length + 200, 0);
}

async function findEntries(directory: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of (await readdir(directory)).sort()) {
    // Left by a crash between writing and renaming; its results were never promised to anybody.
    if (name.endsWith(".tmp")) await unlink(join(directory, name)).catch(() => undefined);
    const parsed = parseBatchFileName(name);
    if (parsed === undefined) continue;
    const { size, mtimeMs } = await stat(join(directory, name));
    const createdAtMs = Math.round(mtimeMs);
    entries.push({ ...parsed, createdAtMs, sizeBytes: size, resultCount: undefined, inMemory: undefined });
  }
  return entries;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
