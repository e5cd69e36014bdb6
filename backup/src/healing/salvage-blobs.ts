import { idOf } from "../blob/index.ts";
import { decompress } from "../compression/index.ts";
import { type Cipher, createCipher } from "../crypto/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import type { Repository } from "../repository/index.ts";
import type { EndangeredBlob, Wanted } from "./wanted-packs.ts";

/** Stores the plaintext of each blob that still opens in its damaged pack. Throws only what the storage or `store` throw. */
export async function salvageBlobs(
  repository: Repository,
  wanted: Wanted,
  store: (blob: EndangeredBlob, plaintext: Uint8Array<ArrayBuffer>) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const cipher = createCipher(repository.key);
  for (const blob of wanted.blobs) {
    signal.throwIfAborted();
    const sealed = await loadSealed(repository, blob, signal);
    const plaintext = sealed === null ? null : openBlob(cipher, sealed, blob);
    if (plaintext !== null) await store(blob, plaintext);
  }
}

/** Null when that part of the pack is not to be had: cut off, or the server keeps the damaged pack to itself. */
async function loadSealed(
  repository: Repository,
  { packId, offset, length }: EndangeredBlob,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  try {
    return await repository.backend.load({ type: "data", name: packId }, { offset, length }, signal);
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof DamagedError) return null;
    throw error;
  }
}

function openBlob(cipher: Cipher, sealed: Uint8Array, blob: EndangeredBlob): Uint8Array<ArrayBuffer> | null {
  const opened = cipher.open(sealed);
  const { uncompressedLength } = blob;
  const plaintext = opened === null || uncompressedLength === null ? opened : decompress(opened, uncompressedLength);
  return plaintext !== null && idOf(plaintext) === blob.id ? plaintext : null;
}
