import type { FileInfo } from "../backend/index.ts";
import type { Id } from "../blob/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import { addIndexFile, createBlobIndex, readIndexFile, type TableBlobIndex } from "../index/index.ts";
import type { LoadIndexOptions, Repository } from "./repository.ts";

/** The index that these files make together, several of them being loaded at once. */
export async function loadIndexFiles(
  repository: Repository,
  files: readonly FileInfo[],
  signal: AbortSignal | undefined,
  options: LoadIndexOptions,
): Promise<TableBlobIndex> {
  const index = createBlobIndex();
  const superseded = new Set<Id>();
  const remaining = files.values();
  async function work(): Promise<void> {
    for (const { name } of remaining) {
      signal?.throwIfAborted();
      try {
        const json = await repository.loadUnpackedBytes("index", name, signal);
        for (const id of addWhole(index, name, json, options)) superseded.add(id);
      } catch (error) {
        if (!(error instanceof DamagedError || error instanceof NotFoundError) || !options.onDamaged) throw error;
        options.onDamaged(name, error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, repository.backend.connections) }, work));
  // Only what was loaded can be dropped; a name of something gone long ago means nothing.
  const present = new Set(files.map(({ name }) => name));
  index.dropIndexes(new Set([...superseded].filter((id) => present.has(id))));
  return index;
}

function addWhole(index: TableBlobIndex, id: Id, json: Uint8Array, options: LoadIndexOptions): Id[] {
  // Where the load goes on after damage, a file must not be half in: it is read once for its form first.
  if (options.onDamaged) readIndexFile(json, `index/${id}`);
  return addIndexFile(index, id, json);
}
