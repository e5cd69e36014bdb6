import type { Id } from "../blob/index.ts";
import { BackupError, DamagedError, NotFoundError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Node } from "../tree/index.ts";

export interface TreeVisitor {
  /** Asked once for each reference to a tree, before it is loaded: true the first time. */
  readonly isNew: (treeId: Id) => boolean;
  readonly visit: (treeId: Id, nodes: readonly Node[]) => void;
  /** Told of a tree that is missing or damaged; what it throws ends the visit. */
  readonly onUnreadable: (treeId: Id, error: DamagedError | NotFoundError) => void;
}

/** Trees in flight for each connection: the next ones load while this one is examined. */
const treesPerConnection = 2;

/** Visits these trees and all below them, in no order, each as often as `isNew` says. */
export async function visitTrees(
  source: Pick<Repository, "loadTree" | "backend">,
  roots: readonly Id[],
  visitor: TreeVisitor,
  signal?: AbortSignal,
): Promise<void> {
  // Last in, first out: what waits stays short, one directory's subdirectories for each level.
  const waiting = roots.filter(visitor.isNew);
  const loading = new Set<Promise<void>>();
  const most = Math.max(2, source.backend.connections * treesPerConnection);

  async function visit(treeId: Id): Promise<void> {
    try {
      const nodes = await source.loadTree(treeId, signal);
      visitor.visit(treeId, nodes);
      for (const { type, subtree } of nodes) {
        if (type === "dir" && subtree !== undefined && visitor.isNew(subtree)) waiting.push(subtree);
      }
    } catch (error) {
      if (!isAboutOneObject(error)) throw error;
      visitor.onUnreadable(treeId, error);
    }
  }

  while (waiting.length > 0 || loading.size > 0) {
    signal?.throwIfAborted();
    while (loading.size < most) {
      const treeId = waiting.pop();
      if (treeId === undefined) break;
      const visiting: Promise<void> = visit(treeId).finally(() => loading.delete(visiting));
      // Only the first failure is awaited.
      visiting.catch(() => undefined);
      loading.add(visiting);
    }
    await Promise.race(loading);
  }
}

/** Whether something is wrong with one stored object, so that others may still be read. */
export function isAboutOneObject(error: unknown): error is DamagedError | NotFoundError {
  return error instanceof BackupError && (error instanceof DamagedError || error instanceof NotFoundError);
}
