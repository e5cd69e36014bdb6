import type { Id, PackedBlob } from "../blob/index.ts";
import { type Cipher, sealOverheadBytes } from "../crypto/index.ts";
import { DamagedError } from "../error/index.ts";
import { type BlobFault, type BlobOpener, parsePackHeader, releaseBlob } from "../pack/index.ts";

/** What the bytes of a pack say about it. */
export interface PackExamination {
  /** What is wrong, for people; empty when nothing is. */
  readonly faults: readonly string[];
  /** Offsets of the blobs, by the index, whose content is lost. */
  readonly lostOffsets: readonly number[];
}

/** Checks the MAC, frame and name of each of these blobs, which lie in bytes of the pack that begin at `start`. */
export function examineBlobs(
  bytes: Uint8Array,
  start: number,
  blobs: readonly PackedBlob[],
  opener: BlobOpener,
): PackExamination {
  const faults: string[] = [];
  const lostOffsets: number[] = [];
  for (const blob of blobs) {
    const at = blob.offset - start;
    const opened = opener.open(bytes.subarray(at, at + blob.length), blob);
    if (typeof opened !== "string") {
      releaseBlob(opened);
      continue;
    }
    lostOffsets.push(blob.offset);
    faults.push(`${blob.type} blob ${blob.id} ${faultTexts[opened]}`);
  }
  return { faults, lostOffsets };
}

const faultTexts: Record<BlobFault, string> = {
  mac: "has a wrong MAC",
  frame: "cannot be decompressed",
  name: "has other content than its name says",
};

/** What is wrong with the header in the last bytes of a pack, which begin at `start`; null when nothing is. */
export function headerFault(
  packId: Id,
  tail: Uint8Array,
  start: number,
  indexed: readonly PackedBlob[],
  cipher: Cipher,
): string | null {
  if (tail.length < 4) return "its header is missing";
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(tail.length - 4, true);
  const headerStart = tail.length - 4 - length;
  // A header that begins before these bytes would lie over blobs that the index knows.
  if (length <= sealOverheadBytes || headerStart < 0) return `its header cannot be ${length} bytes long`;
  const opened = cipher.open(tail.subarray(headerStart, tail.length - 4));
  if (opened === null) return "its header has a wrong MAC";
  try {
    const blobs = parsePackHeader(packId, opened, start + headerStart);
    return isSame(blobs, indexed) ? null : `its header names ${blobs.length} blobs, and other ones than the index`;
  } catch (error) {
    if (error instanceof DamagedError) return error.message;
    throw error;
  }
}

/** Several index files may mention parts of a pack; together they must say what the header says. */
function isSame(blobs: readonly PackedBlob[], indexed: readonly PackedBlob[]): boolean {
  return (
    blobs.length === indexed.length &&
    blobs.every((blob, at) => {
      const other = indexed[at];
      return (
        other !== undefined &&
        blob.id === other.id &&
        blob.type === other.type &&
        blob.offset === other.offset &&
        blob.length === other.length
      );
    })
  );
}
