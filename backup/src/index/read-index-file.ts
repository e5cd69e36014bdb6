import type { Id, PackedBlob } from "../blob/index.ts";
import type { PackContent } from "./save-index.ts";
import { scanIndexFile } from "./scan-index-file.ts";
import type { TableBlobIndex } from "./table-blob-index.ts";

/** Adds what an index file says; returns which others it supersedes. Throws DamagedError; part of it has been added then. */
export function addIndexFile(index: TableBlobIndex, indexId: Id, json: Uint8Array): Id[] {
  const superseded: Id[] = [];
  let pack = -1;
  scanIndexFile(json, `index/${indexId}`, {
    onSuperseded: (id) => {
      if (id !== indexId) superseded.push(id);
    },
    onPack: (id) => {
      pack = index.addPackNumber(id, indexId);
    },
    onBlob: (type, id, offset, length, uncompressedLength) => {
      index.addBlob(pack, type, id.words, offset, length, uncompressedLength);
    },
    onBlobs: (records, count) => index.addBlobs(pack, records, count),
  });
  if (pack === -1) index.addObsoleteIndexes([indexId]);
  return superseded;
}

/** What one index file says, as plain values: for those who examine a single file. Throws DamagedError, which names `object`. */
export function readIndexFile(json: Uint8Array, object: string): { supersedes: Id[]; packs: PackContent[] } {
  const supersedes: Id[] = [];
  const packs: { id: Id; blobs: PackedBlob[] }[] = [];
  scanIndexFile(json, object, {
    onSuperseded: (id) => supersedes.push(id),
    onPack: (id) => packs.push({ id, blobs: [] }),
    onBlob: (type, id, offset, length, uncompressedLength) => {
      packs.at(-1)?.blobs.push({ id: id.hex(), type, offset, length, uncompressedLength });
    },
  });
  return { supersedes, packs };
}
