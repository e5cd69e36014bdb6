import { type Id, idOf } from "../blob/index.ts";
import { createDecompressor, type Lend } from "../compression/index.ts";
import type { Cipher } from "../crypto/index.ts";

/** What is wrong with a stored blob: its MAC, its zstd frame, or its name (it is sound, but another one). */
export type BlobFault = "mac" | "frame" | "name";

/** A blob's plaintext, and the zstd frame it came from if it was compressed. */
export interface OpenedBlob {
  readonly plaintext: Uint8Array<ArrayBuffer>;
  readonly frame: Uint8Array<ArrayBuffer> | null;
  /** The plaintext lies in memory that is used again for the next one. */
  readonly isLent: boolean;
}

/** Frees the memory of a blob that nobody needs any more. It lies outside of the heap, where the collector would let much of it pile up. */
export function releaseBlob({ plaintext, frame, isLent }: OpenedBlob): void {
  if (!isLent) release(plaintext);
  if (frame !== null) release(frame);
}

/** Below this, freeing costs more than it frees. */
const leastReleasedBytes = 16 * 1024;

function release({ buffer }: Uint8Array<ArrayBuffer>): void {
  if (buffer.byteLength >= leastReleasedBytes) buffer.transfer(0);
}

/** Opens blobs as they are stored, one after the other, and believes none of them. Not safe to share between threads. */
export interface BlobOpener {
  readonly cipher: Cipher;
  open(
    sealed: Uint8Array,
    blob: { readonly id: Id; readonly uncompressedLength: number | null },
  ): OpenedBlob | BlobFault;
}

/**
 * An opener for the repository of this cipher's key; it keeps a zstd context. With `lend`, plaintext that is long or was compressed lies in
 * memory that it gives.
 */
export function createBlobOpener(cipher: Cipher, lend?: Lend): BlobOpener {
  let lent: ArrayBuffer | null = null;
  const borrow =
    lend &&
    ((length: number) => {
      const memory = lend(length);
      lent = memory.buffer;
      return memory;
    });
  const decompressor = createDecompressor(borrow);
  return {
    cipher,
    open(sealed, { id, uncompressedLength }) {
      const isFrame = uncompressedLength !== null;
      const payload = cipher.open(sealed, isFrame ? undefined : borrow);
      if (payload === null) return "mac";
      const plaintext = isFrame ? decompressor.decompress(payload, uncompressedLength) : payload;
      if (plaintext === null) return "frame";
      if (idOf(plaintext) !== id) return "name";
      const isLent = lend !== undefined && plaintext.buffer === lent;
      return { plaintext, frame: isFrame ? payload : null, isLent };
    },
  };
}

const leastLentBytes = 1024 * 1024;

/** Lends the same memory each time: for who is done with one plaintext before the next is opened. */
export function createLender(): Lend {
  let memory = new Uint8Array(0);
  return (length) => {
    if (memory.length < length) memory = new Uint8Array(Math.max(length, leastLentBytes));
    return memory.subarray(0, length);
  };
}
