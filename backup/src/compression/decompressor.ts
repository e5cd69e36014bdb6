import { createZstdDecompress } from "node:zlib";
import { decompress } from "./decompress.ts";
import { createZstdContext } from "./zstd-context.ts";

/** Decompresses blob after blob. Not safe to share between threads. */
export interface Decompressor {
  /** The `expectedLength` bytes that a zstd frame holds, or null when it is broken or holds more or less. */
  decompress(frame: Uint8Array, expectedLength: number): Uint8Array<ArrayBuffer> | null;
}

/** Gives memory for so many bytes; what is in it does not matter. */
export type Lend = (length: number) => Uint8Array<ArrayBuffer>;

/**
 * A decompressor that keeps its context: faster than `decompress` for many blobs. What it returns lies in memory that `lend` gave, by
 * default in memory of its own.
 */
export function createDecompressor(lend: Lend = (length) => new Uint8Array(length)): Decompressor {
  const context = createZstdContext(() => createZstdDecompress());
  if (context === null) return { decompress };
  return {
    decompress(frame, expectedLength) {
      // One byte of room more, so that a longer frame is told from one that fits.
      const bytes = lend(expectedLength + 1);
      return context.turn(frame, bytes) === expectedLength ? bytes.subarray(0, expectedLength) : null;
    },
  };
}
