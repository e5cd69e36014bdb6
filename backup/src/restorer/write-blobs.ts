import type { Cipher } from "../crypto/index.ts";
import { faultOf } from "../filesystem/index.ts";
import { type BlobFault, type BlobOpener, createBlobOpener } from "../pack/index.ts";
import type { ItemResult, Place, WriteJob, WriteResult, WrittenBlob } from "./jobs.ts";
import { placeWholeFile } from "./place-entry.ts";
import { onlyZeros, writeContent } from "./write-content.ts";

const damages: Record<BlobFault, string> = {
  mac: "its authentication code is wrong",
  frame: "it cannot be decompressed",
  name: "its content is not what its name says",
};

const written: ItemResult = { failure: null, faults: [] };

/** An opener for `writeBlobs`: all plaintexts of frames lie in the same memory, one after the other. */
export function createOpenerForWriting(cipher: Cipher): BlobOpener {
  let memory = new Uint8Array(0);
  return createBlobOpener(cipher, (length) => {
    if (memory.length < length) memory = new Uint8Array(Math.max(length, 1024 * 1024));
    return memory.subarray(0, length);
  });
}

/** Opens and checks each blob and writes it to all its places. Nothing of a damaged one is written. */
export function writeBlobs(job: WriteJob, opener: BlobOpener): WriteResult {
  const blobs = job.blobs.map((blob) =>
    job.isPlain ? writePlaces(job.bytes, blob) : openAndWrite(job.bytes, blob, opener),
  );
  release(job.bytes);
  return { kind: "write", blobs };
}

/** The results of the places, or why there is no plaintext. */
function openAndWrite(pack: Uint8Array, blob: WrittenBlob, opener: BlobOpener): readonly ItemResult[] | string {
  const opened = opener.open(pack.subarray(blob.offset, blob.offset + blob.length), blob);
  if (typeof opened === "string") return damages[opened];
  const results = writePlaces(opened.plaintext, blob);
  // The plaintext of a frame lies in memory that is used again.
  release(opened.frame ?? opened.plaintext);
  return results;
}

function writePlaces(bytes: Uint8Array, blob: WrittenBlob): readonly ItemResult[] {
  const isZero = onlyZeros(bytes);
  return blob.places.map((place) => writePlace(place, bytes, isZero));
}

/** Below this, freeing costs more than it frees. */
const leastReleasedBytes = 16 * 1024;

/** Frees memory outside of the heap at once: the collector would let some 60 MB of it pile up in each thread before it looks. */
function release({ buffer }: Uint8Array<ArrayBuffer>): void {
  if (buffer.byteLength >= leastReleasedBytes) buffer.transfer(0);
}

function writePlace(place: Place, bytes: Uint8Array, isZero: boolean): ItemResult {
  if (place.kind === "whole") return placeWholeFile(place, bytes);
  // The file has its length already. A disk image has thousands of places for one blob of zeros.
  if (place.isSparse && isZero) return written;
  try {
    writeContent(place.fd, bytes, place.position, place.isSparse);
    return written;
  } catch (error) {
    return { failure: faultOf("write", error), faults: [] };
  }
}
