import type { BlobType, Id } from "../blob/index.ts";
import { DamagedError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { BlobBitmap } from "./blob-bitmap.ts";
import { visitTrees } from "./visit-trees.ts";

/**
 * Adds to the bitmap what a tree needs, and tells of each blob that was not in it before. Trees that were are not looked into again.
 * Throws DamagedError when something is missing or cannot be read.
 */
export async function visitBlobs(
  repository: Pick<Repository, "loadTree" | "backend">,
  root: Id,
  visited: BlobBitmap,
  onBlob: (type: BlobType, id: Id) => void,
  signal?: AbortSignal,
): Promise<void> {
  function isNew(type: BlobType, id: Id): boolean {
    const outcome = visited.add(type, id);
    if (outcome === "unknown") throw new DamagedError(`${type} ${id}`, "is needed, and no index mentions it");
    if (outcome === "added") onBlob(type, id);
    return outcome === "added";
  }
  await visitTrees(
    repository,
    [root],
    {
      isNew: (treeId) => isNew("tree", treeId),
      visit(_, nodes) {
        for (const { content } of nodes) for (const id of content ?? []) isNew("data", id);
      },
      onUnreadable(_, error) {
        throw error;
      },
    },
    signal,
  );
}
