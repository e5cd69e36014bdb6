import type { BlobType, Id } from "../blob/index.ts";
import type { Repository } from "../repository/index.ts";

/** A blob that lies in a damaged pack and nowhere else. */
export interface EndangeredBlob {
  readonly type: BlobType;
  readonly id: Id;
  readonly packId: Id;
  readonly offset: number;
  readonly length: number;
  readonly uncompressedLength: number | null;
}

/** What is to be healed. */
export interface Wanted {
  readonly packIds: readonly Id[];
  readonly blobs: readonly EndangeredBlob[];
}

/**
 * Asks the server for packs that it wants again, and takes them out of the repository's index in memory: whatever only they have counts
 * as unknown from here on, so a backup stores it anew. Null when there are none. The index must be loaded.
 */
export async function findWanted(repository: Repository, signal: AbortSignal): Promise<Wanted | null> {
  const { index, backend } = repository;
  const wanted = await backend.listWanted(signal);
  if (wanted.length === 0) return null;
  // One that no index mentions is nobody's: prune removes it.
  const packs = wanted.map((id) => ({ id, blobs: index.blobsOfPack(id) })).filter(({ blobs }) => blobs.length > 0);
  if (packs.length === 0) return null;
  index.removePacks(new Set(packs.map(({ id }) => id)));
  const blobs = packs.flatMap(({ id: packId, blobs }) => blobs.map((blob) => ({ ...blob, packId })));
  return { packIds: packs.map(({ id }) => id), blobs: blobs.filter(({ type, id }) => !index.has(type, id)) };
}
