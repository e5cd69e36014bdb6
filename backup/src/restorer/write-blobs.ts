import type { Cipher } from "../crypto/index.ts";
import { faultOf } from "../filesystem/index.ts";
import { type BlobOpener, createBlobOpener, createLender, type OpenedBlob, releaseBlob } from "../pack/index.ts";
import type { ItemResult, Place, WriteJob, WriteResult, WriteSource } from "./jobs.ts";
import { PackReader } from "./pack-reader.ts";
import { placeWholeFile } from "./place-entry.ts";
import { onlyZeros, writeContent } from "./write-content.ts";
import { blobsOf, type WrittenBlob } from "./written-blobs.ts";

const written: ItemResult = { failure: null, faults: [] };

/** Writes blobs, one job after the other; pieces of packs and most plaintexts lie in the same memory each time. */
export class BlobWriter {
  readonly #packs = new PackReader();
  readonly #opener: BlobOpener;

  constructor(cipher: Cipher) {
    this.#opener = createBlobOpener(cipher, createLender());
  }

  /** Opens and checks each blob and writes it to all its places. Nothing of a damaged one is written. */
  write({ source, blobs }: WriteJob): WriteResult {
    const damagedBlobs: number[] = [];
    const places: [number, ItemResult][] = [];
    let blobNumber = 0;
    let placeNumber = 0;
    for (const blob of blobsOf(blobs)) {
      const opened = this.#open(source, blob);
      if (opened === null) {
        damagedBlobs.push(blobNumber);
      } else {
        const isZero = onlyZeros(opened.plaintext);
        for (const [at, place] of blob.places.entries()) {
          const result = writePlace(place, opened.plaintext, isZero);
          if (result !== written) places.push([placeNumber + at, result]);
        }
        releaseBlob(opened);
      }
      blobNumber++;
      placeNumber += blob.places.length;
    }
    this.#packs.close();
    if (source.kind !== "file") source.bytes.buffer.transfer(0);
    return { kind: "write", damagedBlobs, places };
  }

  /** Null for a blob that is damaged or cannot be read. */
  #open(source: WriteSource, blob: WrittenBlob): OpenedBlob | null {
    if (source.kind === "plain") return { plaintext: source.bytes, frame: null, isLent: true };
    const sealed = this.#read(source, blob);
    const opened = sealed === null ? "mac" : this.#opener.open(sealed, blob);
    return typeof opened === "string" ? null : opened;
  }

  #read(source: WriteSource, { offset, length }: WrittenBlob): Uint8Array | null {
    if (source.kind !== "file") return source.bytes.subarray(offset, offset + length);
    try {
      return this.#packs.read(source, offset, length);
    } catch {
      // It is read again in another way, which says what is wrong.
      return null;
    }
  }
}

function writePlace(place: Place, bytes: Uint8Array, isZero: boolean): ItemResult {
  if (place.kind === "whole") {
    const result = placeWholeFile(place, bytes);
    return result.failure === null && result.faults.length === 0 ? written : result;
  }
  // The file has its length already. A disk image has thousands of places for one blob of zeros.
  if (place.isSparse && isZero) return written;
  try {
    writeContent(place.fd, bytes, place.position, place.isSparse);
    return written;
  } catch (error) {
    return { failure: faultOf("write", error), faults: [] };
  }
}
