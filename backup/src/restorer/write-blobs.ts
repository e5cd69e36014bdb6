import { hash } from "node:crypto";
import { decompress } from "../compression/index.ts";
import type { Cipher } from "../crypto/index.ts";
import { faultOf } from "../filesystem/index.ts";
import type { ItemResult, Place, WriteJob, WriteResult, WrittenBlob } from "./jobs.ts";
import { placeWholeFile } from "./place-entry.ts";
import { writeContent } from "./write-content.ts";

const written: ItemResult = { failure: null, faults: [] };

/** Opens and checks each blob and writes it to all its places. Nothing of a damaged one is written. */
export function writeBlobs(job: WriteJob, cipher: Cipher): WriteResult {
  return {
    kind: "write",
    blobs: job.blobs.map((blob) => {
      const bytes = job.isPlain ? job.bytes : openBlob(job.bytes, blob, cipher);
      if (typeof bytes === "string") return bytes;
      return blob.places.map((place) => writePlace(place, bytes));
    }),
  };
}

/** The plaintext, or why there is none. */
function openBlob(pack: Uint8Array, blob: WrittenBlob, cipher: Cipher): Uint8Array | string {
  const opened = cipher.open(pack.subarray(blob.offset, blob.offset + blob.length));
  if (opened === null) return "its authentication code is wrong";
  const bytes = blob.uncompressedLength === null ? opened : decompress(opened, blob.uncompressedLength);
  if (bytes === null) return "it cannot be decompressed";
  return hash("sha256", bytes, "hex") === blob.id ? bytes : "its content is not what its name says";
}

function writePlace(place: Place, bytes: Uint8Array): ItemResult {
  if (place.kind === "whole") return placeWholeFile(place, bytes);
  try {
    writeContent(place.fd, bytes, place.position, place.isSparse);
    return written;
  } catch (error) {
    return { failure: faultOf("write", error), faults: [] };
  }
}
