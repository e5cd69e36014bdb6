import { zstdDecompressSync } from "node:zlib";

/** The `expectedLength` bytes that a zstd frame holds, or null when it is broken or holds more or less; never allocates for more. */
export function decompress(frame: Uint8Array, expectedLength: number): Uint8Array<ArrayBuffer> | null {
  const bytes = decompressUpTo(frame, expectedLength, expectedLength);
  return bytes?.length === expectedLength ? bytes : null;
}

/**
 * What a zstd frame holds when nobody knows how much that is (unpacked files), up to `limit` bytes, or null when it is broken or longer.
 * It is read in pieces of `pieceBytes`.
 */
export function decompressUpTo(
  frame: Uint8Array,
  limit: number,
  pieceBytes = 256 * 1024,
): Uint8Array<ArrayBuffer> | null {
  if (frame.length === 0) return null;
  try {
    // One byte of room more than expected: zlib asks for another piece whenever one came out full.
    return zstdDecompressSync(frame, { maxOutputLength: Math.max(1, limit), chunkSize: Math.max(64, pieceBytes + 1) });
  } catch {
    // Whatever zlib finds wrong with it, it is not what was written; the caller says which object that is.
    return null;
  }
}
