import type { Id } from "../blob/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import { rewriteIndexFiles } from "../index/index.ts";
import { withLock } from "../lock/index.ts";
import { createPhaseProgress, type OnProgress } from "../progress/index.ts";
import { repack } from "../prune/repack.ts";
import { BlobBitmap } from "../reachability/index.ts";
import type { Repository } from "../repository/repository.ts";
import { readHeader } from "./repair-index.ts";

export interface RepairPacksOptions {
  readonly onProgress?: OnProgress;
  /** How long to wait for the lock. */
  readonly retryForMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface RepairPacksResult {
  readonly packs: number;
  /** Written again into new packs. */
  readonly blobsSalvaged: number;
  /** In no pack any more. Files may need them: `repairSnapshots`. */
  readonly blobsLost: number;
}

/**
 * Writes the good blobs of these packs again and drops the packs, under an exclusive lock. Throws NotFoundError when neither index nor
 * storage knows a pack; nothing is changed then.
 */
export async function repairPacks(
  repository: Repository,
  packIds: readonly Id[],
  options: RepairPacksOptions = {},
): Promise<RepairPacksResult> {
  const { retryForMs, signal } = options;
  return withLock(repository, { isExclusive: true, retryForMs, signal }, async (held) => {
    const progress = createPhaseProgress(options.onProgress);
    // A damaged index file does not matter for packs that others mention, and it is left as it is.
    await repository.loadIndex(held, { onDamaged: () => undefined });
    const dropped = new Set(packIds);
    const present = await enterHeaders(repository, dropped, held);
    const wanted = blobsOnlyIn(repository, dropped);
    progress.begin("salvaging blobs", dropped.size);
    let salvaged = 0;
    let lost = 0;
    for (const packId of dropped) {
      if (!present.has(packId)) lost += countTaken(repository, packId, wanted);
    }
    await repack(repository, [...present], {
      take(type, id) {
        if (!wanted.remove(type, id)) return false;
        salvaged++;
        return true;
      },
      onLost() {
        salvaged--;
        lost++;
      },
      onPack: (_, bytes) => progress.step(1, bytes),
      signal: held,
    });
    await rewriteIndexFiles(repository, { removePacks: dropped, signal: held });
    for (const name of present) await repository.backend.remove({ type: "data", name }, held);
    progress.end();
    return { packs: dropped.size, blobsSalvaged: salvaged, blobsLost: lost };
  });
}

/** Adds what the headers say that the index does not; returns the packs that exist. */
async function enterHeaders(repository: Repository, packIds: ReadonlySet<Id>, signal: AbortSignal): Promise<Set<Id>> {
  const present = new Set<Id>();
  for (const packId of packIds) {
    const file = await repository.backend.stat({ type: "data", name: packId }, signal);
    const isIndexed = repository.index.blobsOfPack(packId).length > 0;
    if (file === null) {
      if (!isIndexed) throw new NotFoundError(`repair packs: there is no pack ${packId}`);
      continue;
    }
    present.add(packId);
    try {
      repository.index.addPack(packId, await readHeader(repository, file, signal), null);
    } catch (error) {
      // Then there is what the index says, or nothing to salvage.
      if (!(error instanceof DamagedError)) throw error;
    }
  }
  return present;
}

/** The blobs of these packs that no other pack has. */
function blobsOnlyIn(repository: Repository, packIds: ReadonlySet<Id>): BlobBitmap {
  const { index } = repository;
  const blobs = new BlobBitmap(index);
  for (const packId of packIds) {
    for (const { type, id } of index.blobsOfPack(packId)) {
      if (index.findAll(type, id).every((place) => packIds.has(place.packId))) blobs.add(type, id);
    }
  }
  return blobs;
}

/** Blobs of a missing pack that are in no other of the packs either: those are counted where they are salvaged or lost. */
function countTaken(repository: Repository, packId: Id, wanted: BlobBitmap): number {
  const { index } = repository;
  let count = 0;
  for (const { type, id } of index.blobsOfPack(packId)) {
    if (index.findAll(type, id).length === 1 && wanted.remove(type, id)) count++;
  }
  return count;
}
