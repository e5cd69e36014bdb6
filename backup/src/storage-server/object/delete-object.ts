import { stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { FreeSpace } from "../quota/index.ts";
import { type OpenRepository, relativePathOf, type StoredObject } from "../repository/index.ts";
import { dropCopy } from "../scrub/second-copy.ts";
import { isInTrash, moveToTrash } from "../trash/index.ts";

/** What deleting needs. */
export interface DeleteContext {
  readonly uptimeMs: () => number;
  readonly freeSpace: FreeSpace;
}

/**
 * Removes an object: locks and holds for good, everything else into the trash, quarantined or not. False when there never was one as far as
 * is known: a client that did not get the answer asks again, and stock restic takes "not there" for a failure.
 */
export async function deleteObject(
  repository: OpenRepository,
  object: StoredObject,
  { uptimeMs, freeSpace }: DeleteContext,
): Promise<boolean> {
  return await repository.mutex.run(relativePathOf(object), () =>
    freeSpace.withReserve(async () => {
      const places = [repository.layout.object(object), join(repository.layout.quarantine, object.type, object.name)];
      let isFound = false;
      for (const path of places) {
        const info = await stat(path).catch(() => null);
        if (!info?.isFile()) continue;
        const isTrashed = object.type !== "locks" && object.type !== "holds";
        if (isTrashed) await moveToTrash(path, repository.layout.trash, object, uptimeMs());
        else await unlink(path).catch(ignoreMissing);
        repository.usage.removed(object.type, info.size, isTrashed);
        isFound = true;
      }
      await repository.wanted.remove(object);
      await dropCopy(repository, object);
      return isFound || object.type === "locks" || (await isInTrash(repository.layout.trash, object));
    }),
  );
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
