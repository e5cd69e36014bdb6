import type { FileInfo } from "../backend/index.ts";
import { createCipher } from "../crypto/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import { type PackContent, saveIndex } from "../index/index.ts";
import { listLocks } from "../lock/index.ts";
import { identify, isAlive, presentProcess, uptimeSeconds } from "../lock/process-identity.ts";
import { judgeLock } from "../lock/staleness.ts";
import { readPackHeader } from "../pack/index.ts";
import type { Repository } from "../repository/repository.ts";

/**
 * Enters packs into the index that are stored and that no index mentions; returns how many. The index must be loaded, and the caller holds a
 * shared lock. Nothing is done while others work on the repository: such packs are theirs then, and their index is on its way. Packs that
 * the server found damaged, or whose header cannot be read, are left for `repair`. `listing` is what is stored; it may be older than the
 * index.
 */
export async function adoptPacks(
  repository: Repository,
  now: () => number,
  signal: AbortSignal,
  listing: Promise<readonly FileInfo[]> = repository.backend.list("data", signal),
): Promise<number> {
  const known = new Set<string>();
  for (const { id } of repository.index.packs()) known.add(id);
  const strange = (await listing).filter(({ name }) => !known.has(name));
  if (strange.length === 0 || (await areOthersAtWork(repository, now, signal))) return 0;
  const wanted = new Set(await repository.backend.listWanted(signal));
  const packs = await readHeaders(
    repository,
    strange.filter(({ name }) => !wanted.has(name)),
    signal,
  );
  if (packs.length > 0) await saveIndex(repository, packs, signal);
  return packs.length;
}

async function areOthersAtWork(repository: Repository, now: () => number, signal: AbortSignal): Promise<boolean> {
  const self = presentProcess();
  const processes = { self, isAlive, identify, uptimeSeconds };
  const locks = await listLocks(repository, signal);
  return locks.some((lock) => {
    const isOurs = lock.pid === process.pid && lock.hostname === self.hostname;
    return !isOurs && judgeLock(lock, processes, now()).kind === "held";
  });
}

async function readHeaders(
  repository: Repository,
  files: readonly FileInfo[],
  signal: AbortSignal,
): Promise<PackContent[]> {
  const cipher = createCipher(repository.key);
  const packs: PackContent[] = [];
  const remaining = files.values();
  async function work(): Promise<void> {
    for (const { name: id, sizeBytes } of remaining) {
      try {
        const load = (range: { readonly offset: number; readonly length: number }) =>
          repository.backend.load({ type: "data", name: id }, range, signal);
        packs.push({ id, blobs: await readPackHeader({ id, sizeBytes }, cipher, load) });
      } catch (error) {
        if (!(error instanceof DamagedError || error instanceof NotFoundError)) throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, repository.backend.connections) }, work));
  return packs;
}
