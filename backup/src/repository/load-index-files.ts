import type { FileInfo } from "../backend/index.ts";
import type { Id } from "../blob/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import { addIndexFile, readIndexFile, type TableBlobIndex } from "../index/index.ts";
import type { LoadIndexOptions, Repository } from "./repository.ts";

/** What a blob takes of an index file at least: its id does not compress. */
const bytesOfBlob = 32;

/** Reads into an empty index what these files say together, several of them being loaded at once. */
export async function loadIndexFiles(
  repository: Repository,
  index: TableBlobIndex,
  files: readonly FileInfo[],
  signal: AbortSignal | undefined,
  options: LoadIndexOptions,
): Promise<void> {
  const superseded = new Set<Id>();
  // The small ones are of the latest runs mostly, and what is looked for first is of the latest snapshots.
  const remaining = [...files].sort((a, b) => a.sizeBytes - b.sizeBytes).values();
  index.expect(Math.floor(files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / bytesOfBlob));
  // What is opened ahead takes time from whoever is to go first.
  const ahead = options.onPart === undefined ? Math.max(1, repository.backend.connections) : 1;
  const loading: { readonly name: Id; readonly json: Promise<Uint8Array> }[] = [];
  for (;;) {
    while (loading.length <= ahead) {
      const next = remaining.next();
      if (next.done === true) break;
      const { name } = next.value;
      const json = repository.loadUnpackedBytes("index", name, signal);
      // It is awaited in its turn; a failure before that is no unhandled one.
      json.catch(() => undefined);
      loading.push({ name, json });
    }
    const first = loading.shift();
    if (first === undefined) break;
    signal?.throwIfAborted();
    try {
      for (const id of addWhole(index, first.name, await first.json, options)) superseded.add(id);
    } catch (error) {
      if (!(error instanceof DamagedError || error instanceof NotFoundError) || !options.onDamaged) throw error;
      options.onDamaged(first.name, error);
    }
    await options.onPart?.();
  }
  // Only what was loaded can be dropped; a name of something gone long ago means nothing.
  const present = new Set(files.map(({ name }) => name));
  index.dropIndexes(new Set([...superseded].filter((id) => present.has(id))));
}

function addWhole(index: TableBlobIndex, id: Id, json: Uint8Array, options: LoadIndexOptions): Id[] {
  // Where the load goes on after damage, a file must not be half in: it is read once for its form first.
  if (options.onDamaged) readIndexFile(json, `index/${id}`);
  return addIndexFile(index, id, json);
}
