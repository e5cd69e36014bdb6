import { faultOf } from "../filesystem/index.ts";
import type { BlobFault, BlobOpener } from "../pack/index.ts";
import type { ItemResult, Place, WriteJob, WriteResult, WrittenBlob } from "./jobs.ts";
import { placeWholeFile } from "./place-entry.ts";
import { onlyZeros, writeContent } from "./write-content.ts";

const damages: Record<BlobFault, string> = {
  mac: "its authentication code is wrong",
  frame: "it cannot be decompressed",
  name: "its content is not what its name says",
};

const written: ItemResult = { failure: null, faults: [] };

/** Opens and checks each blob and writes it to all its places. Nothing of a damaged one is written. */
export function writeBlobs(job: WriteJob, opener: BlobOpener): WriteResult {
  return {
    kind: "write",
    blobs: job.blobs.map((blob) => {
      const bytes = job.isPlain ? job.bytes : openBlob(job.bytes, blob, opener);
      if (typeof bytes === "string") return bytes;
      const isZero = onlyZeros(bytes);
      return blob.places.map((place) => writePlace(place, bytes, isZero));
    }),
  };
}

/** The plaintext, or why there is none. */
function openBlob(pack: Uint8Array, blob: WrittenBlob, opener: BlobOpener): Uint8Array | string {
  const opened = opener.open(pack.subarray(blob.offset, blob.offset + blob.length), blob);
  return typeof opened === "string" ? damages[opened] : opened.plaintext;
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
