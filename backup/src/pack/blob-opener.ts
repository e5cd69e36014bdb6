import { type Id, idOf } from "../blob/index.ts";
import { createDecompressor, type Lend } from "../compression/index.ts";
import type { Cipher } from "../crypto/index.ts";

/** What is wrong with a stored blob: its MAC, its zstd frame, or its name (it is sound, but another one). */
export type BlobFault = "mac" | "frame" | "name";

/** A blob's plaintext, and the zstd frame it came from if it was compressed. */
export interface OpenedBlob {
  readonly plaintext: Uint8Array<ArrayBuffer>;
  readonly frame: Uint8Array<ArrayBuffer> | null;
}

/** Frees the memory of a blob that nobody needs any more. It lies outside of the heap, where the collector would let much of it pile up. */
export function releaseBlob({ plaintext, frame }: OpenedBlob): void {
  plaintext.buffer.transfer(0);
  frame?.buffer.transfer(0);
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
  const decompressor = createDecompressor(lend);
  return {
    cipher,
    open(sealed, { id, uncompressedLength }) {
      const isFrame = uncompressedLength !== null;
      const payload = cipher.open(sealed, isFrame ? undefined : lend);
      if (payload === null) return "mac";
      const plaintext = isFrame ? decompressor.decompress(payload, uncompressedLength) : payload;
      if (plaintext === null) return "frame";
      if (idOf(plaintext) !== id) return "name";
      return { plaintext, frame: isFrame ? payload : null };
    },
  };
}
