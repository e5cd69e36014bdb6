import type { ChunkSizes } from "./chunk-sizes.ts";

/** Cuts one file after the other. Not safe to share between threads. */
export interface Chunker {
  /**
   * The ends (exclusive, ascending) of the complete chunks in `bytes`, which start at a chunk boundary. What follows the last end is
   * given again at the start of the next call, with more behind it; with `isLast` it is a chunk too, so the last end is bytes.length.
   */
  cut(bytes: Uint8Array, isLast: boolean): number[];
}

/** A chunker for the repository with this polynomial (hexadecimal, from its config). */
export function createChunker(_options: { readonly polynomial: string; readonly sizes: ChunkSizes }): Chunker {
  throw new Error("createChunker is not built yet");
}
