import { loadModule } from "../wasm/index.ts";
import type { ChunkSizes } from "./chunk-sizes.ts";
import { gearTable, gearWindowBytes } from "./gear-table.ts";

/** Cuts one file after the other. Keeps nothing between calls. Not safe to share between threads. */
export interface Chunker {
  /**
   * The ends (exclusive, ascending) of the complete chunks in `bytes`, which start at a chunk boundary. What follows the last end is
   * given again at the start of the next call, with more behind it; with `isLast` it is a chunk too, so the last end is bytes.length.
   * `bytes` of at least the largest chunk's length always have one.
   */
  cut(bytes: Uint8Array, isLast: boolean): number[];
}

/**
 * Normalised chunking: up to the average size a boundary is four times rarer than the average asks for, behind it four times more
 * frequent, which gathers sizes around the average.
 */
const normalisationBits = 2;

/** A chunker for the repository with this polynomial (hexadecimal, from its config). */
export function createChunker(options: { readonly polynomial: string; readonly sizes: ChunkSizes }): Chunker {
  const { minimum, average, maximum } = options.sizes;
  const averageBits = Math.log2(average);
  if (!Number.isInteger(averageBits) || minimum < gearWindowBytes || minimum > average || maximum < average) {
    throw new RangeError(
      `chunks of ${minimum} to ${maximum}, on average ${average} bytes: the average must be a power of two`,
    );
  }
  const module = loadModule("gear");
  const { memory } = module;
  const [begin, roll, scan] = [module.call("begin"), module.call("roll"), module.call("scan")];
  const inputAt = module.constant("inputAt");
  const inputBytes = module.constant("inputBytes");
  memory.set(gearTable(options.polynomial), module.constant("tableAt"));

  /** Where a boundary lies between `from` and `end`, or -1; the hash goes on from where it was. */
  function scanRange(bytes: Uint8Array, from: number, end: number, bits: number): number {
    for (let at = from; at < end; at += inputBytes) {
      const length = Math.min(inputBytes, end - at);
      memory.set(bytes.subarray(at, at + length), inputAt);
      const found = scan(0, length, bits);
      if (found >= 0) return at + found;
    }
    return -1;
  }

  /** The end of the chunk that starts at `start`, or -1 when more bytes are needed to say. */
  function endOfChunk(bytes: Uint8Array, start: number): number {
    const first = start + minimum;
    if (first > bytes.length) return -1;
    // The hash forgets what is more than a window behind it, so what lies below the minimum need not be looked at.
    begin();
    memory.set(bytes.subarray(first - gearWindowBytes, first), inputAt);
    roll(gearWindowBytes);
    const middle = Math.min(start + average, bytes.length);
    const limit = Math.min(start + maximum, bytes.length);
    const end = scanRange(bytes, first, middle, averageBits + normalisationBits);
    if (end >= 0) return end;
    const later = scanRange(bytes, middle, limit, averageBits - normalisationBits);
    if (later >= 0) return later;
    return limit - start === maximum ? limit : -1;
  }

  return {
    cut(bytes, isLast) {
      const ends: number[] = [];
      let start = 0;
      while (start < bytes.length) {
        const end = endOfChunk(bytes, start);
        if (end < 0) break;
        ends.push(end);
        start = end;
      }
      if (isLast && start < bytes.length) ends.push(bytes.length);
      return ends;
    },
  };
}
