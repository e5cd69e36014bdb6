import type { Id, PackedBlob } from "../blob/index.ts";
import type { Repository } from "../repository/repository.ts";

/** A pack and what is in it. */
export interface PackContent {
  readonly id: Id;
  readonly blobs: readonly PackedBlob[];
}

/**
 * Writes index files that mention these packs, as many as are needed, and returns their names once they are durable. The repository's own
 * index then knows these packs as mentioned by them (adds them when it did not know them).
 */
export async function saveIndex(
  _repository: Repository,
  _packs: Iterable<PackContent>,
  _signal?: AbortSignal,
): Promise<Id[]> {
  throw new Error("saveIndex is not built yet");
}
