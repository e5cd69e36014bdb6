import type { Id, PackedBlob } from "../blob/index.ts";
import type { Repository } from "../repository/repository.ts";
import { encodeIndexFile } from "./encode-index-file.ts";

/** A pack and what is in it. */
export interface PackContent {
  readonly id: Id;
  readonly blobs: readonly PackedBlob[];
}

/** An index file is closed at so many blobs: about 8 MiB of JSON, as restic's. */
const blobsPerFile = 50_000;

/**
 * Writes index files that mention these packs, as many as are needed, and returns their names once they are durable. The repository's own
 * index then knows these packs as mentioned by them (adds them when it did not know them).
 */
export async function saveIndex(
  repository: Repository,
  packs: Iterable<PackContent>,
  signal?: AbortSignal,
): Promise<Id[]> {
  const ids: Id[] = [];
  for (const part of split(packs)) {
    const id = await repository.saveUnpacked("index", encodeIndexFile(part), signal);
    for (const pack of part) repository.index.addPack(pack.id, pack.blobs, id);
    ids.push(id);
  }
  return ids;
}

/** Packs in parts that are worth a file each. */
export function* split<Pack extends PackContent>(packs: Iterable<Pack>): Generator<Pack[], undefined> {
  let part: Pack[] = [];
  let blobs = 0;
  for (const pack of packs) {
    part.push(pack);
    blobs += pack.blobs.length;
    if (blobs < blobsPerFile) continue;
    yield part;
    part = [];
    blobs = 0;
  }
  if (part.length > 0) yield part;
}
