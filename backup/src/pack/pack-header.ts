import type { Id, PackedBlob } from "../blob/index.ts";

/** The plaintext of a pack's header. Blobs in the order of their offsets. */
export function encodePackHeader(_blobs: readonly PackedBlob[]): Uint8Array<ArrayBuffer> {
  throw new Error("encodePackHeader is not built yet");
}

/**
 * What a pack's header (its plaintext) says lies in the first `blobBytes` bytes of the pack.
 * Throws DamagedError when it cannot be read or its lengths do not add up.
 */
export function parsePackHeader(_packId: Id, _header: Uint8Array, _blobBytes: number): PackedBlob[] {
  throw new Error("parsePackHeader is not built yet");
}
