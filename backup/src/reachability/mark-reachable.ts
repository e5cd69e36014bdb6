import type { Id } from "../blob/index.ts";
import { DamagedError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import { BlobBitmap } from "./blob-bitmap.ts";
import { visitTrees } from "./visit-trees.ts";

export interface MarkOptions {
  /** Told after each tree how many were visited. */
  readonly onTree?: (visited: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The blobs that these trees need, all of which the index knows. Throws DamagedError when one is missing or a tree cannot be read:
 * then it is unknown what is needed.
 */
export async function markReachable(
  repository: Repository,
  roots: readonly Id[],
  options: MarkOptions = {},
): Promise<BlobBitmap> {
  const reachable = new BlobBitmap(repository.index);
  let visited = 0;
  await visitTrees(
    repository,
    roots,
    {
      isNew(treeId) {
        const outcome = reachable.add("tree", treeId);
        if (outcome === "unknown") throw new DamagedError(`tree ${treeId}`, "is needed, and no index mentions it");
        return outcome === "added";
      },
      visit(treeId, nodes) {
        for (const { content } of nodes) {
          for (const id of content ?? []) {
            if (reachable.add("data", id) !== "unknown") continue;
            throw new DamagedError(`tree ${treeId}`, `needs the data blob ${id}, and no index mentions it`);
          }
        }
        options.onTree?.(++visited);
      },
      onUnreadable(_, error) {
        throw error;
      },
    },
    options.signal,
  );
  return reachable;
}
