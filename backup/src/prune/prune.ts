import type { Id } from "../blob/index.ts";
import { reachFaultPoint } from "../fault-point/index.ts";
import { rewriteIndexFiles } from "../index/index.ts";
import { withLock } from "../lock/index.ts";
import { createPhaseProgress, type OnProgress, type PhaseProgress } from "../progress/index.ts";
import { type BlobBitmap, markReachable } from "../reachability/index.ts";
import type { Repository } from "../repository/repository.ts";
import { listSnapshots } from "../snapshot/index.ts";
import { makePlan } from "./make-plan.ts";
import type { PruneLimits, PrunePlan } from "./plan.ts";
import { repack } from "./repack.ts";

export interface PruneOptions extends PruneLimits {
  readonly isDryRun?: boolean;
  /** Told of the plan before it is carried out. */
  readonly onPlan?: (plan: PrunePlan) => void;
  readonly onProgress?: OnProgress;
  /** How long to wait for the lock. */
  readonly retryForMs?: number;
  /** The present, in milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface PruneResult {
  readonly plan: PrunePlan;
  readonly isDryRun: boolean;
}

/**
 * Removes data no snapshot needs, under an exclusive lock. Throws DamagedError, with nothing changed, when a needed blob or tree is missing:
 * `verify` says more. Aborted or killed at any point it loses nothing; the next prune removes what this one left.
 */
export async function prune(repository: Repository, options: PruneOptions): Promise<PruneResult> {
  const { isDryRun = false, retryForMs, nowMs, signal } = options;
  return withLock(repository, { isExclusive: true, retryForMs, now: nowMs, signal }, async (held) => {
    const progress = createPhaseProgress(options.onProgress);
    const needed = await findNeeded(repository, progress, held);
    const plan = await makePlan(repository, needed, options, held);
    options.onPlan?.(plan);
    if (!isDryRun) await carryOut(repository, plan, needed, progress, held);
    progress.end();
    return { plan, isDryRun };
  });
}

async function findNeeded(repository: Repository, progress: PhaseProgress, signal: AbortSignal): Promise<BlobBitmap> {
  // A snapshot that cannot be read may need anything: listing throws then, and nothing is removed.
  const snapshots = await listSnapshots(repository, { signal });
  await repository.loadIndex(signal);
  progress.begin("finding what is needed");
  return await markReachable(
    repository,
    snapshots.map(({ tree }) => tree),
    { onTree: () => progress.step(1, 0), signal },
  );
}

/** Each step leaves a whole repository: packs are removed only when no index file mentions them any more. */
async function carryOut(
  repository: Repository,
  plan: PrunePlan,
  needed: BlobBitmap,
  progress: PhaseProgress,
  signal: AbortSignal,
): Promise<void> {
  await removePacks(repository, plan.packsUnreferenced, "removing unreferenced packs", progress, signal);
  const leaving = new Set([...plan.packsToRemove, ...plan.packsToRepack]);
  await repackNeeded(repository, plan, leaving, needed, progress, signal);
  reachFaultPoint("prune/repacked");
  const hasObsoleteIndexes = repository.index.obsoleteIndexIds.size > 0;
  if (leaving.size > 0 || plan.packsMissing.length > 0 || hasObsoleteIndexes) {
    progress.begin("writing the index");
    const removed = new Set([...leaving, ...plan.packsMissing]);
    await rewriteIndexFiles(repository, { removePacks: removed, signal });
  }
  reachFaultPoint("prune/index-written");
  await removePacks(repository, [...leaving], "removing packs", progress, signal);
}

/** Writes the needed blobs of the packs that leave, and makes sure that none is left out. */
async function repackNeeded(
  repository: Repository,
  plan: PrunePlan,
  leaving: ReadonlySet<Id>,
  needed: BlobBitmap,
  progress: PhaseProgress,
  signal: AbortSignal,
): Promise<void> {
  const { index } = repository;
  const missing = new Set(plan.packsMissing);
  // What packs that stay have is not written; of the rest, each blob once.
  for (const { id: packId } of index.packs()) {
    if (leaving.has(packId) || missing.has(packId)) continue;
    for (const { type, id } of index.blobsOfPack(packId)) needed.remove(type, id);
  }
  progress.begin("repacking", plan.packsToRepack.length, plan.repacked.bytes - plan.repackFreed.bytes);
  await repack(repository, plan.packsToRepack, {
    take: (type, id) => needed.remove(type, id),
    onPack: (_, bytes) => progress.step(1, bytes),
    signal,
  });
  if (!needed.isEmpty) throw new Error("prune: blobs that are needed would have been lost; nothing was removed");
}

async function removePacks(
  repository: Repository,
  packIds: readonly Id[],
  phase: string,
  progress: PhaseProgress,
  signal: AbortSignal,
): Promise<void> {
  if (packIds.length === 0) return;
  progress.begin(phase, packIds.length);
  const remaining = packIds.values();
  async function work(): Promise<void> {
    for (const name of remaining) {
      signal.throwIfAborted();
      await repository.backend.remove({ type: "data", name }, signal);
      reachFaultPoint("prune/pack-removed");
      progress.step(1, 0);
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, repository.backend.connections) }, work));
}
