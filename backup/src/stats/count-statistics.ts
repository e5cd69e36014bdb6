import type { BlobType, Id } from "../blob/index.ts";
import { joinBytes } from "../byte-string/index.ts";
import { sealOverheadBytes } from "../crypto/index.ts";
import { walkSnapshot } from "../listing/index.ts";
import { withLock } from "../lock/index.ts";
import { BlobBitmap } from "../reachability/index.ts";
import { visitBlobs } from "../reachability/visit-blobs.ts";
import type { Repository } from "../repository/repository.ts";
import { chooseSnapshots, type SnapshotChoice, type StoredSnapshot } from "../snapshot/index.ts";
import { createEntryCounter, type EntryCounts } from "./entry-counter.ts";
import type { Statistics, StatisticsMode } from "./statistics.ts";

export interface StatisticsOptions extends SnapshotChoice {
  readonly mode: StatisticsMode;
  /** How long to wait for the lock. */
  readonly retryForMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Counts over the chosen snapshots, under a shared lock. Throws NotFoundError, DamagedError, LockedError. */
export async function countStatistics(repository: Repository, options: StatisticsOptions): Promise<Statistics> {
  const { mode, retryForMs, signal } = options;
  return withLock(repository, { isExclusive: false, retryForMs, signal }, async (held) => {
    const snapshots = await chooseSnapshots(repository, options, held);
    await repository.loadIndex(held);
    if (mode === "raw-data") return countBlobs(repository, snapshots, held);
    const counts = await countEntries(repository, snapshots, mode, held);
    return { ...noCompression, ...counts, snapshots: snapshots.length };
  });
}

const noCompression = {
  uncompressedSize: null,
  compressionRatio: null,
  compressionProgressPercent: null,
  compressionSavingPercent: null,
} as const;

async function countEntries(
  repository: Repository,
  snapshots: readonly StoredSnapshot[],
  mode: Exclude<StatisticsMode, "raw-data">,
  signal: AbortSignal,
): Promise<EntryCounts> {
  const counter = createEntryCounter(mode, repository.index);
  for (const { tree } of snapshots) {
    counter.beginSnapshot();
    for await (const { path, node } of walkSnapshot(repository, tree, { path: joinBytes(""), signal })) {
      counter.count(path, node);
    }
  }
  return counter.counts;
}

async function countBlobs(
  repository: Repository,
  snapshots: readonly StoredSnapshot[],
  signal: AbortSignal,
): Promise<Statistics> {
  const { index, config } = repository;
  let [blobs, totalSize, uncompressedSize, compressedSize, compressedPlainSize] = [0, 0, 0, 0, 0];
  function count(type: BlobType, id: Id): void {
    const place = index.find(type, id);
    if (place === null) return;
    const { length, uncompressedLength } = place;
    const plainSize = uncompressedLength === null ? length : uncompressedLength + sealOverheadBytes;
    blobs += 1;
    totalSize += length;
    uncompressedSize += plainSize;
    if (uncompressedLength === null) return;
    compressedSize += length;
    compressedPlainSize += plainSize;
  }
  const visited = new BlobBitmap(index);
  for (const { tree } of snapshots) await visitBlobs(repository, tree, visited, count, signal);
  const counts = { snapshots: snapshots.length, files: 0, blobs, totalSize };
  if (config.version < 2) return { ...noCompression, ...counts };
  return {
    ...counts,
    uncompressedSize,
    compressionRatio: compressedSize > 0 ? compressedPlainSize / compressedSize : null,
    compressionProgressPercent: uncompressedSize > 0 ? (100 * compressedPlainSize) / uncompressedSize : null,
    compressionSavingPercent: uncompressedSize > 0 ? 100 * (1 - totalSize / uncompressedSize) : null,
  };
}
