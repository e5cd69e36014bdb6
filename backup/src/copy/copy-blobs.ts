import type { BlobType, Id } from "../blob/index.ts";
import type { BlobWriter } from "../blob-writer/index.ts";
import { createCipher } from "../crypto/index.ts";
import { DamagedError } from "../error/index.ts";
import { createBlobOpener, releaseBlob } from "../pack/index.ts";
import type { OnProgress } from "../progress/index.ts";
import type { BlobBitmap } from "../reachability/index.ts";
import type { Repository } from "../repository/repository.ts";
import { joinRanges, type PackRange } from "./pack-ranges.ts";

/** Between two calls of `onProgress`, in milliseconds. */
const progressEveryMs = 100;

/** Writes the needed blobs of a repository, pack by pack; each is compared with its name. Reads one range ahead. */
export async function copyBlobs(
  source: Repository,
  needed: BlobBitmap,
  writer: BlobWriter,
  options: { readonly onProgress?: OnProgress | undefined; readonly signal: AbortSignal },
): Promise<void> {
  const { onProgress, signal } = options;
  const opener = createBlobOpener(createCipher(source.key));
  let bytesDone = 0;
  let toldAt = 0;

  function tell(isLast: boolean): void {
    const now = performance.now();
    if (!isLast && now - toldAt < progressEveryMs) return;
    toldAt = now;
    const counts = { filesDone: 0, filesTotal: 0, bytesDone, bytesTotal: bytesDone, isTotalKnown: false, errors: 0 };
    onProgress?.({ phase: "copying", ...counts, current: [] });
  }

  async function take({ packId, offset, blobs }: PackRange, bytes: Uint8Array | null): Promise<void> {
    for (const blob of blobs) {
      // Another pack may have had it too.
      if (!writer.claim(blob.type, blob.id)) continue;
      const sealed = bytes?.subarray(blob.offset - offset, blob.offset - offset + blob.length) ?? null;
      const opened = sealed === null ? "mac" : opener.open(sealed, blob);
      if (typeof opened === "string") {
        writer.write(blob.type, blob.id, await rescue(source, blob.type, blob.id, packId, signal));
      } else {
        const { plaintext, frame } = opened;
        if (frame !== null && writer.takesFrames) writer.writeFrame(blob.type, blob.id, frame, plaintext.length);
        else writer.write(blob.type, blob.id, plaintext);
        releaseBlob(opened);
      }
      bytesDone += blob.length;
      await writer.whenRoom();
      tell(false);
    }
  }

  let ahead: { readonly range: PackRange; readonly bytes: Promise<Uint8Array | null> } | null = null;
  for (const range of rangesOf(source, needed)) {
    signal.throwIfAborted();
    const bytes = loadRange(source, range, signal);
    // It is awaited below; until then nobody would see its failure.
    bytes.catch(() => {});
    const current = ahead;
    ahead = { range, bytes };
    if (current !== null) await take(current.range, await current.bytes);
  }
  if (ahead !== null) await take(ahead.range, await ahead.bytes);
  tell(true);
}

function* rangesOf(source: Repository, needed: BlobBitmap): Generator<PackRange> {
  for (const { id } of source.index.packs()) {
    yield* joinRanges(
      id,
      source.index.blobsOfPack(id).filter(({ type, id: blobId }) => needed.has(type, blobId)),
    );
  }
}

/** Null when the pack is damaged there: its blobs may lie elsewhere too. */
async function loadRange(source: Repository, range: PackRange, signal: AbortSignal): Promise<Uint8Array | null> {
  const { packId, offset, length } = range;
  try {
    return await source.backend.load({ type: "data", name: packId }, { offset, length }, signal);
  } catch (error) {
    if (error instanceof DamagedError) return null;
    throw error;
  }
}

/** A blob from any pack that has it whole. Throws DamagedError when none has. */
async function rescue(
  source: Repository,
  type: BlobType,
  id: Id,
  packId: Id,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    return await source.loadBlob(type, id, signal);
  } catch (cause) {
    if (!(cause instanceof DamagedError)) throw cause;
    throw new DamagedError(`data/${packId}`, `the ${type} blob ${id} cannot be copied: ${cause.message}`, { cause });
  }
}
