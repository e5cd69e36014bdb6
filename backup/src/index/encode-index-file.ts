import type { Id } from "../blob/index.ts";
import type { PackContent } from "./save-index.ts";

/** The document of an index file, in restic's names and order. */
export function encodeIndexFile(packs: Iterable<PackContent>, supersedes: readonly Id[] = []): unknown {
  return {
    ...(supersedes.length > 0 && { supersedes }),
    packs: Array.from(packs, ({ id, blobs }) => ({
      id,
      blobs: blobs.map((blob) => ({
        id: blob.id,
        type: blob.type,
        offset: blob.offset,
        length: blob.length,
        ...(blob.uncompressedLength !== null && { uncompressed_length: blob.uncompressedLength }),
      })),
    })),
  };
}
