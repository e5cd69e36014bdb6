import { type Id, idOf } from "../blob/index.ts";
import { type BlobWriter, openBlobWriter } from "../blob-writer/index.ts";
import { joinBytes } from "../byte-string/index.ts";
import { InputError, NotAllowedError } from "../error/index.ts";
import { isInForce, listHolds } from "../hold/index.ts";
import { withLock } from "../lock/index.ts";
import { createExclude, type PatternLists } from "../pattern/index.ts";
import type { Repository } from "../repository/repository.ts";
import {
  chooseSnapshots,
  replaceSnapshot,
  type SnapshotChanges,
  type SnapshotChoice,
  type StoredSnapshot,
  saveChangedSnapshot,
} from "../snapshot/index.ts";
import { encodeTree } from "../tree/index.ts";
import { type RewrittenTree, TreeRewriter } from "./tree-rewriter.ts";

export interface RewriteOptions extends SnapshotChoice {
  /** What to take out, as in a backup's `--exclude` and `--iexclude`. */
  readonly exclude: PatternLists;
  /** Removes the old snapshots; without it the new ones stand beside them, tagged `rewrite`. */
  readonly forget?: boolean;
  readonly isDryRun?: boolean;
  /** How long to wait for the lock. */
  readonly retryForMs?: number;
  readonly nowMs: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface RewrittenSnapshot {
  readonly oldId: Id;
  /** Null with a dry run. */
  readonly newId: Id | null;
  /** Entries taken out, also those in directories, and bytes of their files. */
  readonly removedEntries: number;
  readonly removedBytes: number;
}

export interface RewriteResult {
  readonly examined: number;
  /** Those in which something was excluded; the others are left as they are. */
  readonly rewritten: readonly RewrittenSnapshot[];
}

/**
 * Takes paths out of snapshots, under an exclusive lock with `forget`, else a shared one. New trees are stored before the snapshots that
 * need them, and those before the old ones go. Throws InputError, DamagedError, LockedError, and NotAllowedError for one
 * that is held.
 */
export async function rewriteSnapshots(repository: Repository, options: RewriteOptions): Promise<RewriteResult> {
  const { exclude, forget = false, isDryRun = false, retryForMs, nowMs, signal } = options;
  if (exclude.patterns.length === 0 && (exclude.caseInsensitive ?? []).length === 0) {
    throw new InputError("rewrite: say what to exclude");
  }
  const isExcluded = createExclude(exclude);
  return withLock(repository, { isExclusive: forget && !isDryRun, retryForMs, signal }, async (held) => {
    const snapshots = await chooseSnapshots(repository, options, held);
    await repository.loadIndex(held);
    const writer = isDryRun ? null : openBlobWriter(repository, nowMs, held);
    try {
      const rewriter = new TreeRewriter({
        source: repository,
        isExcluded,
        storeTree: (nodes) => writer?.writeTree(nodes) ?? idOf(encodeTree(nodes)),
        whenRoom: async () => writer?.whenRoom(),
        signal: held,
      });
      const changed = await rewriteTrees(rewriter, snapshots);
      if (forget) await refuseHeld(repository, changed, nowMs(), held);
      const rewritten = await storeSnapshots(repository, changed, writer, forget, held);
      return { examined: snapshots.length, rewritten };
    } catch (error) {
      await writer?.giveUp();
      throw error;
    }
  });
}

interface ChangedTree {
  readonly snapshot: StoredSnapshot;
  readonly root: RewrittenTree;
}

async function rewriteTrees(rewriter: TreeRewriter, snapshots: readonly StoredSnapshot[]): Promise<ChangedTree[]> {
  const changed: ChangedTree[] = [];
  for (const snapshot of snapshots) {
    const root = await rewriter.rewrite(joinBytes(""), snapshot.tree);
    if (root.tree !== snapshot.tree) changed.push({ snapshot, root });
  }
  return changed;
}

/** A hold is about what a snapshot has, not about its name: nothing is taken out of one that is held. */
async function refuseHeld(
  repository: Repository,
  changed: readonly ChangedTree[],
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const holds = (await listHolds(repository.backend, signal)).filter((hold) => isInForce(hold, nowMs));
  for (const { snapshot } of changed) {
    const hold = holds.find((candidate) => candidate.snapshot === snapshot.id);
    if (hold === undefined) continue;
    throw new NotAllowedError(
      `rewrite: snapshot ${snapshot.id.slice(0, 8)} is held ("${hold.reason}"); release it first, or rewrite without removing the old snapshots`,
    );
  }
}

async function storeSnapshots(
  repository: Repository,
  changed: readonly ChangedTree[],
  writer: BlobWriter | null,
  forget: boolean,
  signal: AbortSignal,
): Promise<RewrittenSnapshot[]> {
  await writer?.finish();
  const rewritten: RewrittenSnapshot[] = [];
  for (const { snapshot, root } of changed) {
    const store = forget ? replaceSnapshot : saveChangedSnapshot;
    const newId = writer === null ? null : await store(repository, snapshot, changesOf(snapshot, root, forget), signal);
    const { removedEntries, removedBytes } = root;
    rewritten.push({ oldId: snapshot.id, newId, removedEntries, removedBytes });
  }
  return rewritten;
}

function changesOf(snapshot: StoredSnapshot, root: RewrittenTree, forget: boolean): SnapshotChanges {
  const { summary, tags = [] } = snapshot;
  const counted = { total_files_processed: root.files, total_bytes_processed: root.bytes };
  return {
    tree: root.tree,
    ...(summary === undefined ? {} : { summary: { ...summary, ...counted } }),
    // As restic does, so that the new ones can be told from the old.
    ...(forget || tags.includes("rewrite") ? {} : { tags: [...tags, "rewrite"] }),
  };
}
