import { constants, zstdCompressSync } from "node:zlib";

/** zstd's own default: what restic calls "auto". */
export const defaultLevel = 3;

/** One zstd frame of these bytes, or null when that is not smaller. For many blobs, a compressor is faster. */
export function compress(bytes: Uint8Array, level = defaultLevel): Uint8Array<ArrayBuffer> | null {
  const frame = zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: level },
    chunkSize: largestFrameBytes(bytes.length),
  });
  return frame.length < bytes.length ? frame : null;
}

/** No frame of so many bytes is longer (zstd.h, ZSTD_COMPRESSBOUND, rounded up). */
export function largestFrameBytes(length: number): number {
  return length + (length >> 8) + 128;
}
