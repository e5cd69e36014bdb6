import type { FileInfo } from "../backend/index.ts";
import type { Id, PackedBlob } from "../blob/index.ts";
import { createCipher } from "../crypto/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import { reachFaultPoint } from "../fault-point/index.ts";
import { type PackContent, saveIndex } from "../index/index.ts";
import { withLock } from "../lock/index.ts";
import { packHeaderBytes, readPackHeader } from "../pack/index.ts";
import { createPhaseProgress, type OnProgress, type PhaseProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";

export interface RepairIndexOptions {
  /** Reads the header of every pack, not only of those that the index lacks or knows otherwise. */
  readonly readAllPacks?: boolean;
  readonly isDryRun?: boolean;
  readonly onProgress?: OnProgress;
  /** How long to wait for the lock. */
  readonly retryForMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface RepairIndexResult {
  /** Packs whose headers were read and entered. */
  readonly packsEntered: number;
  /** Packs in the old index that do not exist. */
  readonly packsMissing: readonly Id[];
  /** Packs whose header cannot be read. What the old index says about them is kept, so that `repairPacks` can salvage blobs; one it did not know is left out. */
  readonly packsUnreadable: readonly { readonly id: Id; readonly message: string }[];
  /** Old index files that could not be read. */
  readonly indexesUnreadable: readonly Id[];
}

/** Writes a new index from the packs, under an exclusive lock. Killed at any point, the old index is there or the new one, or both. */
export async function repairIndex(
  repository: Repository,
  options: RepairIndexOptions = {},
): Promise<RepairIndexResult> {
  const { retryForMs, signal, isDryRun = false } = options;
  return withLock(repository, { isExclusive: true, retryForMs, signal }, async (held) => {
    const progress = createPhaseProgress(options.onProgress);
    progress.begin("reading the index");
    const oldIndexes = await repository.backend.list("index", held);
    const indexesUnreadable: Id[] = [];
    await repository.loadIndex(held, { onDamaged: (id) => indexesUnreadable.push(id) });
    const packs = await repository.backend.list("data", held);
    const packsMissing = missingPacks(repository, packs);
    repository.index.removePacks(new Set(packsMissing));
    const suspects = packs.filter((pack) => options.readAllPacks === true || !isAsIndexed(repository, pack));
    const packsUnreadable = await readHeaders(repository, suspects, progress, held);
    if (!isDryRun) await replaceIndex(repository, oldIndexes, progress, held);
    progress.end();
    return {
      packsEntered: suspects.length - packsUnreadable.length,
      packsMissing,
      packsUnreadable,
      indexesUnreadable,
    };
  });
}

function missingPacks(repository: Repository, packs: readonly FileInfo[]): Id[] {
  const present = new Set(packs.map(({ name }) => name));
  return [...repository.index.packs()].map(({ id }) => id).filter((id) => !present.has(id));
}

function isAsIndexed(repository: Repository, { name, sizeBytes }: FileInfo): boolean {
  const blobs = repository.index.blobsOfPack(name);
  return blobs.length > 0 && blobs.reduce((bytes, { length }) => bytes + length, packHeaderBytes(blobs)) === sizeBytes;
}

/** Enters what the headers of these packs say, instead of what the index said; returns those whose header cannot be read. */
async function readHeaders(
  repository: Repository,
  packs: readonly FileInfo[],
  progress: PhaseProgress,
  signal: AbortSignal,
): Promise<{ id: Id; message: string }[]> {
  progress.begin("reading the headers of packs", packs.length);
  const unreadable: { id: Id; message: string }[] = [];
  const remaining = packs.values();
  async function work(): Promise<void> {
    for (const pack of remaining) {
      signal.throwIfAborted();
      try {
        const blobs = await readHeader(repository, pack, signal);
        repository.index.removePacks(new Set([pack.name]));
        repository.index.addPack(pack.name, blobs, null);
      } catch (error) {
        if (!(error instanceof DamagedError || error instanceof NotFoundError)) throw error;
        unreadable.push({ id: pack.name, message: error.message });
        progress.error();
      }
      progress.step(1, 0);
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, repository.backend.connections) }, work));
  return unreadable;
}

/** What the header of a pack says about it. Throws DamagedError, NotFoundError. */
export async function readHeader(
  repository: Repository,
  { name, sizeBytes }: FileInfo,
  signal: AbortSignal,
): Promise<readonly PackedBlob[]> {
  const cipher = createCipher(repository.key);
  return await readPackHeader({ id: name, sizeBytes }, cipher, (range) =>
    repository.backend.load({ type: "data", name }, range, signal),
  );
}

async function replaceIndex(
  repository: Repository,
  oldIndexes: readonly FileInfo[],
  progress: PhaseProgress,
  signal: AbortSignal,
): Promise<void> {
  progress.begin("writing the index");
  reachFaultPoint("repair/before-new-index");
  await saveIndex(repository, contents(repository), signal);
  reachFaultPoint("repair/new-index-saved");
  for (const { name } of oldIndexes) await repository.backend.remove({ type: "index", name }, signal);
  await repository.loadIndex(signal);
}

function* contents(repository: Repository): Generator<PackContent> {
  for (const { id } of repository.index.packs()) yield { id, blobs: repository.index.blobsOfPack(id) };
}
