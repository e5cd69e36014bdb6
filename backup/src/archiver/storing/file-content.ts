import type { Id } from "../../blob/index.ts";
import { type Chunker, type ChunkSizes, createChunker, normalSizes, smallSizes } from "../../chunker/index.ts";
import { createSparseReader, readFully } from "../../filesystem/index.ts";
import type { BlobStorer } from "./blob-storer.ts";

/**
 * Which chunk sizes a file is cut with. "refined": normal ones, but those that are not stored yet are cut small. So what changes in a large
 * file costs little, without storing all of it again, and the same content is always cut the same (a part that was refined is not stored
 * whole, so it is refined again).
 */
export type ChunkSizeName = "normal" | "small" | "refined";

const sizesByName: Record<ChunkSizeName, ChunkSizes> = {
  normal: normalSizes,
  small: smallSizes,
  refined: normalSizes,
};
/** One largest chunk and what a read adds to it. */
const windowBytes = normalSizes.maximum + 1024 * 1024;

/** So much is read at once, where chunks are of their usual size. */
const readBytes = 4 * 1024 * 1024;

/** What was stored of a file. */
export interface StoredContent {
  readonly content: Id[];
  /** Bytes; less than asked for when the file ended before. */
  readonly size: number;
}

/** Reads and cuts files on one thread, through one buffer. */
export interface ContentReader {
  /** Stores `length` bytes of a file from its beginning, or to its end when `length` is null. Throws what reading throws. */
  storeWhole(fd: number, length: number | null, sizes: ChunkSizeName): StoredContent;
  /** Stores the first `length` bytes, at most a smallest chunk, of a file without holes. */
  storeDense(fd: number, length: number): StoredContent;
  /** Only finds the chunks of `length` bytes from `offset`, a chunk boundary: their ends. With `isLast` the rest is a chunk too. */
  cut(fd: number, offset: number, length: number, isLast: boolean, sizes: ChunkSizeName): number[];
  /** Stores the chunks that were found: from `start` to each of the ends. Shorter when the file is shorter now. */
  storeCut(fd: number, start: number, ends: readonly number[], sizes: ChunkSizeName): StoredContent;
}

/** A reader for the repository with this chunker polynomial. */
export function createContentReader(polynomial: string, storer: Pick<BlobStorer, "store" | "find">): ContentReader {
  let window: Buffer<ArrayBuffer> | undefined;
  let zeros: Buffer<ArrayBuffer> | undefined;
  const zeroIds = new Map<number, Id>();
  const zeroChunkBytes: Partial<Record<ChunkSizeName, number>> = {};
  const chunkers: Partial<Record<ChunkSizeName, Chunker>> = {};
  const chunkerOf = (sizes: ChunkSizeName) => {
    chunkers[sizes] ??= createChunker({ polynomial, sizes: sizesByName[sizes] });
    return chunkers[sizes];
  };

  /** Zeros, at most as many as the largest chunk has. Most files have no holes, and then this takes no memory. */
  const zerosOf = (length: number) => {
    zeros ??= Buffer.alloc(normalSizes.maximum);
    return zeros.subarray(0, length);
  };

  /** How long a chunk is of which nothing but zeros is known, up to the largest size. */
  const lengthOfZeroChunk = (sizes: ChunkSizeName) => {
    const { maximum } = sizesByName[sizes];
    zeroChunkBytes[sizes] ??= chunkerOf(sizes).cut(zerosOf(maximum), false)[0] ?? maximum;
    return zeroChunkBytes[sizes];
  };

  /** Calls `onChunk` for each chunk from `start`; the window slides over the file. Returns where it stopped. */
  function eachChunk(
    fd: number,
    range: { readonly start: number; readonly end: number; readonly isLast: boolean },
    sizes: ChunkSizeName,
    onChunk: (bytes: Uint8Array, end: number) => void,
  ): number {
    window ??= Buffer.allocUnsafeSlow(windowBytes);
    const reader = createSparseReader(fd, range.start, range.end);
    const { maximum } = sizesByName[sizes];
    let windowStart = range.start;
    let filled = 0;
    for (;;) {
      // Where a chunk begins in a long enough hole, everything about it is known unread.
      if (reader.holeEnd(windowStart) - windowStart >= maximum) {
        const length = lengthOfZeroChunk(sizes);
        windowStart += length;
        filled = 0;
        onChunk(zerosOf(length), windowStart);
        continue;
      }
      // Only where no chunk ended in what was read the window is filled further: most of it is memory that is never touched.
      const wanted = Math.min(
        filled < readBytes ? readBytes - filled : window.length - filled,
        range.end - windowStart - filled,
      );
      const got = reader.read(window, filled, wanted, windowStart + filled);
      filled += got;
      const isEnd = got < wanted || windowStart + filled >= range.end;
      let done = 0;
      // Most files are smaller than the smallest chunk: nothing to look for.
      const isSmall = isEnd && filled <= sizesByName[sizes].minimum;
      const ends = isSmall ? [] : chunkerOf(sizes).cut(window.subarray(0, filled), isEnd && range.isLast);
      for (const end of ends) {
        onChunk(window.subarray(done, end), windowStart + end);
        done = end;
      }
      if (isEnd) {
        if (range.isLast && done < filled) onChunk(window.subarray(done, filled), windowStart + filled);
        return windowStart + filled;
      }
      window.copyWithin(0, done, filled);
      windowStart += done;
      filled -= done;
    }
  }

  function storeChunk(content: Id[], bytes: Uint8Array, sizes: ChunkSizeName): void {
    const known = sizes === "refined" ? storer.find(bytes) : null;
    if (sizes !== "refined") content.push(storer.store(bytes));
    else if (known !== null) content.push(known);
    else {
      let start = 0;
      for (const end of chunkerOf("small").cut(bytes, true)) {
        content.push(storer.store(bytes.subarray(start, end)));
        start = end;
      }
    }
  }

  function storeZeros(length: number): Id {
    const id = zeroIds.get(length) ?? storer.store(zerosOf(length));
    zeroIds.set(length, id);
    return id;
  }

  return {
    storeWhole(fd, length, sizes) {
      const content: Id[] = [];
      const range = { start: 0, end: length ?? Number.POSITIVE_INFINITY, isLast: true };
      const size = eachChunk(fd, range, sizes, (bytes) => storeChunk(content, bytes, sizes));
      return { content, size };
    },
    storeDense(fd, length) {
      window ??= Buffer.allocUnsafeSlow(windowBytes);
      const size = readFully(fd, window, 0, length, 0);
      return { content: size === 0 ? [] : [storer.store(window.subarray(0, size))], size };
    },
    cut(fd, offset, length, isLast, sizes) {
      const ends: number[] = [];
      eachChunk(fd, { start: offset, end: offset + length, isLast }, sizes, (_bytes, end) => ends.push(end));
      return ends;
    },
    storeCut(fd, start, ends, sizes) {
      window ??= Buffer.allocUnsafeSlow(windowBytes);
      const content: Id[] = [];
      const reader = createSparseReader(fd, start, ends.at(-1) ?? start);
      let position = start;
      for (const end of ends) {
        if (reader.holeEnd(position) >= end) {
          content.push(storeZeros(end - position));
          position = end;
          continue;
        }
        const got = reader.read(window, 0, end - position, position);
        if (got > 0) storeChunk(content, window.subarray(0, got), sizes);
        position += got;
        if (position < end) break;
      }
      return { content, size: position - start };
    },
  };
}
