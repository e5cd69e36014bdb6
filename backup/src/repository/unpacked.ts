import { compress, decompressUpTo } from "../compression/index.ts";

/** The first byte of a compressed document (doc/design.rst, "Unpacked Data Format"). */
const compressedVersion = 2;
/** No document is longer when decompressed: index files hold 8 MiB by rule, some programs' a few times that. */
const mostBytes = 512 * 1024 * 1024;

/** A document as it is sealed: JSON as it is in version 1 of the format, compressed behind a version byte in version 2. */
export function encodeUnpacked(json: Uint8Array, version: 1 | 2): Uint8Array {
  const frame = version === 2 ? compress(json) : null;
  // JSON may stand as it is in version 2 too, where compressing would not make it shorter: its first byte tells.
  if (frame === null) return json;
  const encoded = new Uint8Array(frame.length + 1);
  encoded[0] = compressedVersion;
  encoded.set(frame, 1);
  return encoded;
}

/** The JSON of an opened document, or null when its encoding is unknown or broken. */
export function decodeUnpacked(encoded: Uint8Array): Uint8Array | null {
  const [first] = encoded;
  if (first === 0x5b || first === 0x7b) return encoded;
  return first === compressedVersion ? decompressUpTo(encoded.subarray(1), mostBytes) : null;
}
