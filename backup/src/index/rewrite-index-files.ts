import type { Id } from "../blob/index.ts";
import { reachFaultPoint } from "../fault-point/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { BlobIndex } from "./blob-index.ts";
import { encodeIndexFile } from "./encode-index-file.ts";
import { type PackContent, split } from "./save-index.ts";

export interface IndexChange {
  /** Packs that no index file shall mention any more. */
  readonly removePacks?: ReadonlySet<Id>;
  readonly addPacks?: Iterable<PackContent>;
  /** Writes every index file anew, also those without removed packs: merges many small ones. */
  readonly isFull?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Changes what the index files say: writes the new ones first, then removes the old. Killed at any point, every blob that stays is
 * found. Needs an exclusive lock and an index loaded under it; packs that were added to that without an index file are written too. The
 * repository's own index is changed with them (load it again when this throws). Removing the packs themselves is up to the caller,
 * afterwards.
 */
export async function rewriteIndexFiles(repository: Repository, change: IndexChange): Promise<void> {
  const { index } = repository;
  const removed = change.removePacks ?? new Set<Id>();
  for (const pack of change.addPacks ?? []) index.addPack(pack.id, pack.blobs, null);
  const obsolete = obsoleteIndexes(index, removed, change.isFull === true);
  reachFaultPoint("index/before-new-index");
  await writeParts(repository, packsToWrite(index, removed, obsolete), obsolete, change.signal);
  reachFaultPoint("index/new-index-saved");
  for (const name of obsolete) {
    await repository.backend.remove({ type: "index", name }, change.signal);
    reachFaultPoint("index/old-index-removed");
  }
  index.removePacks(removed);
  index.forgetObsoleteIndexes();
}

function obsoleteIndexes(index: BlobIndex, removed: ReadonlySet<Id>, isFull: boolean): Set<Id> {
  const obsolete = new Set(index.obsoleteIndexIds);
  for (const { id, indexIds } of index.packs()) {
    if (isFull || removed.has(id)) for (const indexId of indexIds) obsolete.add(indexId);
  }
  return obsolete;
}

/** Packs that stay, with the index files that stay: those that no such file mentions, or that an obsolete one mentions as well. */
function* packsToWrite(
  index: BlobIndex,
  removed: ReadonlySet<Id>,
  obsolete: ReadonlySet<Id>,
): Generator<PackContent & { readonly remaining: readonly Id[] }> {
  for (const { id, indexIds } of index.packs()) {
    if (removed.has(id)) continue;
    const remaining = indexIds.filter((indexId) => !obsolete.has(indexId));
    if (remaining.length > 0 && remaining.length === indexIds.length) continue;
    yield { id, blobs: index.blobsOfPack(id), remaining };
  }
}

async function writeParts(
  repository: Repository,
  packs: Iterable<PackContent & { readonly remaining: readonly Id[] }>,
  obsolete: ReadonlySet<Id>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const parts = split(packs);
  for (let part = parts.next(); !part.done; ) {
    const following = parts.next();
    // Only the last file supersedes the old ones: when it is there, all the others are.
    const document = encodeIndexFile(part.value, following.done ? [...obsolete] : []);
    const id = await repository.saveUnpacked("index", document, signal);
    for (const pack of part.value) repository.index.setIndexesOfPack(pack.id, [...pack.remaining, id]);
    part = following;
  }
}
