import { type Id, idOf } from "../blob/index.ts";
import { type BlobWriter, openBlobWriter } from "../blob-writer/index.ts";
import { isInForce, listHolds } from "../hold/index.ts";
import { withLock } from "../lock/index.ts";
import type { Repository } from "../repository/repository.ts";
import { listSnapshots, replaceSnapshot, type StoredSnapshot, saveChangedSnapshot } from "../snapshot/index.ts";
import { encodeTree } from "../tree/index.ts";
import { type RepairChange, type RepairedTree, TreeRepair } from "./tree-repair.ts";

export interface RepairSnapshotsOptions {
  /** Drops the damaged snapshots when their repaired copies are stored; those that are held stay. */
  readonly forget?: boolean;
  readonly isDryRun?: boolean;
  /** Only these; all unless given. */
  readonly snapshots?: readonly StoredSnapshot[];
  /** How long to wait for the lock. */
  readonly retryForMs?: number;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface RepairedSnapshot {
  readonly id: Id;
  /** Null when nothing of it is left, or with a dry run. */
  readonly newId: Id | null;
  readonly isLost: boolean;
  /** It was to be dropped, and a hold kept it. */
  readonly isHeld: boolean;
  /** What was dropped or shortened, for people; at most 100, all are counted. */
  readonly changes: readonly RepairChange[];
  readonly changeCount: number;
}

export interface RepairSnapshotsResult {
  readonly examined: number;
  /** Those that were damaged; sound ones are left as they are. */
  readonly repaired: readonly RepairedSnapshot[];
}

/**
 * Writes damaged snapshots again without the content that is lost, tagged `repaired` and with `original`, under an exclusive lock. Throws
 * DamagedError when an index file cannot be read: what it knows would count as lost.
 */
export async function repairSnapshots(
  repository: Repository,
  options: RepairSnapshotsOptions,
): Promise<RepairSnapshotsResult> {
  const { isDryRun = false, retryForMs, nowMs, signal } = options;
  return withLock(repository, { isExclusive: true, retryForMs, signal }, async (held) => {
    const snapshots = options.snapshots ?? (await listSnapshots(repository, { signal: held }));
    await repository.loadIndex(held);
    const writer = isDryRun ? null : openBlobWriter(repository, () => nowMs, held);
    try {
      const damaged = await repairTrees(repository, snapshots, writer, held);
      await writer?.finish();
      const repaired = await storeSnapshots(repository, damaged, options, held);
      return { examined: snapshots.length, repaired };
    } catch (error) {
      await writer?.giveUp();
      throw error;
    }
  });
}

interface DamagedSnapshot {
  readonly snapshot: StoredSnapshot;
  /** Null when its root cannot be read. */
  readonly root: RepairedTree | null;
}

async function repairTrees(
  repository: Repository,
  snapshots: readonly StoredSnapshot[],
  writer: BlobWriter | null,
  signal: AbortSignal,
): Promise<DamagedSnapshot[]> {
  const trees = new TreeRepair(repository, {
    async storeTree(nodes) {
      await writer?.whenRoom();
      return writer?.writeTree(nodes) ?? idOf(encodeTree(nodes));
    },
    signal,
  });
  const damaged: DamagedSnapshot[] = [];
  for (const snapshot of snapshots) {
    const root = await trees.repair(snapshot.tree);
    if (root === null || root.newId !== snapshot.tree) damaged.push({ snapshot, root });
  }
  return damaged;
}

async function storeSnapshots(
  repository: Repository,
  damaged: readonly DamagedSnapshot[],
  { forget = false, isDryRun = false, nowMs }: RepairSnapshotsOptions,
  signal: AbortSignal,
): Promise<RepairedSnapshot[]> {
  const holds = (await listHolds(repository.backend, signal)).filter((hold) => isInForce(hold, nowMs));
  const repaired: RepairedSnapshot[] = [];
  for (const { snapshot, root } of damaged) {
    signal.throwIfAborted();
    const isHeld = forget && holds.some((hold) => hold.snapshot === snapshot.id);
    const isReplaced = forget && !isHeld;
    const newId = isDryRun ? null : await storeSnapshot(repository, { snapshot, root }, isReplaced, signal);
    const { changes = [], changeCount = 0 } = root ?? {};
    repaired.push({ id: snapshot.id, newId, isLost: root === null, isHeld, changes, changeCount });
  }
  return repaired;
}

/** Null when there is nothing to store. */
async function storeSnapshot(
  repository: Repository,
  { snapshot, root }: DamagedSnapshot,
  isReplaced: boolean,
  signal: AbortSignal,
): Promise<Id | null> {
  if (root === null) {
    if (isReplaced) await repository.backend.remove({ type: "snapshots", name: snapshot.id }, signal);
    return null;
  }
  const { tags = [] } = snapshot;
  const changes = { tree: root.newId, tags: tags.includes("repaired") ? tags : [...tags, "repaired"] };
  return isReplaced
    ? await replaceSnapshot(repository, snapshot, changes, signal)
    : await saveChangedSnapshot(repository, snapshot, changes, signal);
}
