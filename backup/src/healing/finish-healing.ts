import type { Id } from "../blob/index.ts";
import { LockedError, NotAllowedError } from "../error/index.ts";
import { rewriteIndexFiles } from "../index/index.ts";
import { type LockOptions, withLock } from "../lock/index.ts";
import type { Repository } from "../repository/index.ts";
import type { HealingReport } from "./healing-report.ts";
import type { Wanted } from "./wanted-packs.ts";

/**
 * Takes damaged packs out of the index files and removes them, once everything that only they had is stored elsewhere and indexed. Takes
 * an exclusive lock, so no lock may be held. Where that or removing is refused, the report says so and nothing is lost.
 */
export async function finishHealing(
  repository: Repository,
  wanted: Wanted,
  options: Omit<LockOptions, "isExclusive">,
): Promise<HealingReport> {
  const lost = wanted.blobs.filter(({ type, id }) => !repository.index.has(type, id));
  const unhealedPacks = new Set(lost.map(({ packId }) => packId));
  const report = {
    wantedPacks: wanted.packIds,
    healedBlobs: wanted.blobs.length - lost.length,
    lostBlobs: [...new Set(lost.map(({ id }) => id))],
  };
  const healed = wanted.packIds.filter((id) => !unhealedPacks.has(id));
  if (healed.length === 0) return { ...report, removedPacks: [], pendingBecause: null };
  try {
    await withLock(repository, { ...options, isExclusive: true }, (signal) => removePacks(repository, healed, signal));
    return { ...report, removedPacks: healed, pendingBecause: null };
  } catch (error) {
    if (!(error instanceof LockedError || error instanceof NotAllowedError)) throw error;
    return { ...report, removedPacks: [], pendingBecause: error.message };
  }
}

async function removePacks(repository: Repository, packIds: readonly Id[], signal: AbortSignal): Promise<void> {
  // Somebody else may have written index files since ours was loaded.
  await repository.loadIndex(signal);
  await rewriteIndexFiles(repository, { removePacks: new Set(packIds), signal });
  for (const name of packIds) await repository.backend.remove({ type: "data", name }, signal);
}
