import { zstdDecompressSync } from "node:zlib";

const pieceOfUnknown = 256 * 1024;
/** What a frame says is not to be trusted with more memory than this at once. */
const largestPiece = 64 * 1024 * 1024;

/** The `expectedLength` bytes that a zstd frame holds, or null when it is broken or holds more or less; never allocates for more. */
export function decompress(frame: Uint8Array, expectedLength: number): Uint8Array<ArrayBuffer> | null {
  const bytes = decompressUpTo(frame, expectedLength, expectedLength);
  return bytes?.length === expectedLength ? bytes : null;
}

/**
 * What a zstd frame holds when nobody knows how much that is (unpacked files), up to `limit` bytes, or null when it is broken or longer.
 * It is read in pieces of `pieceBytes`; by default in one, where the frame says how long it is.
 */
export function decompressUpTo(
  frame: Uint8Array,
  limit: number,
  pieceBytes = Math.min(statedLength(frame) ?? pieceOfUnknown, limit, largestPiece),
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

/** How long the content is, as the frame's header says (RFC 8878, section 3.1.1.1); null when it does not. */
function statedLength(frame: Uint8Array): number | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (frame.length < 18 || view.getUint32(0, true) !== 0xfd2f_b528) return null;
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryIdBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionaryIdBytes;
  switch (descriptor >> 6) {
    case 0:
      return isSingleSegment ? view.getUint8(at) : null;
    case 1:
      return view.getUint16(at, true) + 256;
    case 2:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}
