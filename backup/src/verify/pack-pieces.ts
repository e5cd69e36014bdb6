import type { PackedBlob } from "../blob/index.ts";

/** Bytes of a pack that are read at once, and the blobs that lie whole in them. The last piece has the header and no blob. */
export interface PackPiece {
  readonly start: number;
  readonly length: number;
  readonly blobs: readonly PackedBlob[];
}

/** Read at once; one blob may be longer. Small, so that a few pieces in each thread are little memory. */
const pieceBytes = 2 * 1024 * 1024;

/** Cuts a pack between blobs so that its pieces join to all of it; blobs that cannot be in it, by the index, come apart. */
export function cutPack(
  blobs: readonly PackedBlob[],
  sizeBytes: number,
): { readonly pieces: readonly PackPiece[]; readonly outside: readonly PackedBlob[] } {
  const pieces: PackPiece[] = [];
  const outside: PackedBlob[] = [];
  let start = 0;
  let end = 0;
  let inside: PackedBlob[] = [];
  for (const blob of blobs) {
    const blobEnd = blob.offset + blob.length;
    if (blob.offset < end || blobEnd > sizeBytes) {
      outside.push(blob);
      continue;
    }
    if (inside.length > 0 && blobEnd - start > pieceBytes) {
      pieces.push({ start, length: end - start, blobs: inside });
      start = end;
      inside = [];
    }
    inside.push(blob);
    end = blobEnd;
  }
  if (inside.length > 0) pieces.push({ start, length: end - start, blobs: inside });
  pieces.push({ start: end, length: sizeBytes - end, blobs: [] });
  return { pieces, outside };
}
