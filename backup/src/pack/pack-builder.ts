import type { BlobType, Id, PackedBlob } from "../blob/index.ts";
import type { Cipher } from "../crypto/index.ts";

/** A pack ready to be saved. `bytes` may be transferred: it is the only view of its buffer. */
export interface FinishedPack {
  readonly id: Id;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly blobs: readonly PackedBlob[];
}

/** Collects blobs of one type until they are worth a file. */
export interface PackBuilder {
  readonly type: BlobType;
  /** Bytes of the pack if it were finished now; 0 when it is empty. */
  readonly sizeBytes: number;
  readonly blobCount: number;
  /** Whether it has reached its target size. A blob may still be added. */
  readonly isFull: boolean;
  /** Seals a payload (compressed when `uncompressedLength` is a number) straight into the pack. */
  add(id: Id, payload: Uint8Array, uncompressedLength: number | null): PackedBlob;
  /** Adds a blob sealed before with the same key, e.g. while repacking. */
  addSealed(id: Id, sealed: Uint8Array, uncompressedLength: number | null): PackedBlob;
  /** Closes the pack; the builder is empty then and can be used again. Null when it was empty. */
  finish(): FinishedPack | null;
}

/** Packs reach about this size in bytes, as restic's do. */
export const targetPackBytes = 16 * 1024 * 1024;

/** An empty builder. */
export function createPackBuilder(_options: {
  readonly type: BlobType;
  readonly cipher: Cipher;
  readonly targetBytes?: number;
}): PackBuilder {
  throw new Error("createPackBuilder is not built yet");
}
