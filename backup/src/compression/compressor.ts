import { constants, createZstdCompress } from "node:zlib";
import { compress, defaultLevel, largestFrameBytes } from "./compress.ts";
import { createZstdContext } from "./zstd-context.ts";

const leastFrameBytes = largestFrameBytes(1024 * 1024);

/** Compresses blob after blob. Not safe to share between threads. */
export interface Compressor {
  /** One zstd frame of these bytes, or null when that is not smaller. The frame lies in a buffer that the next call overwrites. */
  compress(bytes: Uint8Array): Uint8Array | null;
  /** Writes a zstd frame of these bytes, which are at most `largestFrameBytes`, into `target`: its length, or null when it is not smaller. */
  compressInto(bytes: Uint8Array, target: Uint8Array): number | null;
  /** What `compress` gives of bytes that lie in several places. */
  compressPieces(pieces: readonly Uint8Array[]): Uint8Array | null;
}

/** A compressor of this level that keeps its context: faster than `compress` for many blobs. */
export function createCompressor(level = defaultLevel): Compressor {
  const context = createZstdContext(() =>
    createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: level } }),
  );
  if (context === null) {
    return {
      compress: (bytes) => compress(bytes, level),
      compressInto(bytes, target) {
        const whole = compress(bytes, level);
        if (whole !== null) target.set(whole);
        return whole?.length ?? null;
      },
      compressPieces: (pieces) => compress(Buffer.concat(pieces), level),
    };
  }
  let frame: Uint8Array<ArrayBuffer> | null = null;
  return {
    compress(bytes) {
      const room = largestFrameBytes(bytes.length);
      if (frame === null || frame.length < room) frame = new Uint8Array(Math.max(room, leastFrameBytes));
      const length = context.turn(bytes, frame);
      if (length === null) return compress(bytes, level);
      return length < bytes.length ? frame.subarray(0, length) : null;
    },
    compressInto(bytes, target) {
      const length = context.turn(bytes, target);
      return length !== null && length < bytes.length ? length : null;
    },
    compressPieces(pieces) {
      const plainLength = pieces.reduce((sum, piece) => sum + piece.length, 0);
      // Not kept: so much at once is rare, and what of it is never written takes no memory.
      const largeFrame = new Uint8Array(largestFrameBytes(plainLength));
      const length = context.turnPieces(pieces, largeFrame);
      if (length === null) return compress(Buffer.concat(pieces), level);
      return length < plainLength ? largeFrame.subarray(0, length) : null;
    },
  };
}
