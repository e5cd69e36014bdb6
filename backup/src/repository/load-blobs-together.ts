import type { Backend } from "../backend/index.ts";
import type { Id } from "../blob/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import type { BlobIndex } from "../index/index.ts";
import { type BlobOpener, planSegments, type WantedBlob } from "../pack/index.ts";

/** A read of its own costs about as much as reading so many bytes that nobody wants. */
const limits = { gapBytes: 64 * 1024, segmentBytes: 1024 * 1024, places: Number.POSITIVE_INFINITY };

export interface BlobsOfPacks {
  readonly backend: Pick<Backend, "load" | "connections">;
  readonly index: Pick<BlobIndex, "find">;
  readonly opener: BlobOpener;
}

/**
 * The plaintexts of data blobs, those that lie close to each other in a pack read at once. What is not known, not there or not sound is left out: whoever
 * reads it alone hears what is wrong, and gets it from another place where there is one. Throws when the backend cannot be reached.
 */
export async function loadBlobsTogether(
  { backend, index, opener }: BlobsOfPacks,
  ids: Iterable<Id>,
  signal: AbortSignal | undefined,
): Promise<Map<Id, Uint8Array>> {
  const wanted = new Map<Id, WantedBlob<never>>();
  for (const id of ids) {
    const location = wanted.has(id) ? null : index.find("data", id);
    if (location !== null) wanted.set(id, { id, location, places: [] });
  }
  const blobs = new Map<Id, Uint8Array>();
  const segments = planSegments(wanted.values(), limits).values();
  async function work(): Promise<void> {
    for (const { packId, offset, length, blobs: ofSegment } of segments) {
      signal?.throwIfAborted();
      const bytes = await backend.load({ type: "data", name: packId }, { offset, length }, signal).catch(absent);
      if (bytes === null) continue;
      for (const blob of ofSegment) {
        const opened = opener.open(bytes.subarray(blob.offset, blob.offset + blob.length), blob);
        if (typeof opened !== "string") blobs.set(blob.id, opened.plaintext);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, backend.connections) }, work));
  return blobs;
}

function absent(error: unknown): null {
  if (error instanceof NotFoundError || error instanceof DamagedError) return null;
  throw error;
}
