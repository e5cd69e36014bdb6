import { type Id, idOf, type PackedBlob } from "../blob/index.ts";
import { type Cipher, sealOverheadBytes } from "../crypto/index.ts";
import { DamagedError } from "../error/index.ts";
import { type BlobFault, type BlobOpener, parsePackHeader } from "../pack/index.ts";

/** What the bytes of a pack say about it. */
export interface PackExamination {
  /** What is wrong, for people; empty when nothing is. */
  readonly faults: readonly string[];
  /** Offsets of the blobs, by the index, whose content is lost. */
  readonly lostOffsets: readonly number[];
}

/** Checks every byte of a pack: its name, its header against the index, and the MAC, frame and name of each blob. */
export function examinePack(
  packId: Id,
  bytes: Uint8Array,
  indexed: readonly PackedBlob[],
  opener: BlobOpener,
): PackExamination {
  const faults: string[] = [];
  if (idOf(bytes) !== packId) faults.push("its bytes are not those that gave it its name");
  const header = headerFault(packId, bytes, indexed, opener.cipher);
  if (header !== null) faults.push(header);
  const lostOffsets: number[] = [];
  for (const blob of indexed) {
    const fault = blobFault(bytes, blob, opener);
    if (fault === null) continue;
    lostOffsets.push(blob.offset);
    faults.push(`${blob.type} blob ${blob.id} ${fault}`);
  }
  return { faults, lostOffsets };
}

const faultTexts: Record<BlobFault, string> = {
  mac: "has a wrong MAC",
  frame: "cannot be decompressed",
  name: "has other content than its name says",
};

function blobFault(bytes: Uint8Array, blob: PackedBlob, opener: BlobOpener): string | null {
  if (blob.offset + blob.length > bytes.length) return "lies beyond its end";
  const opened = opener.open(bytes.subarray(blob.offset, blob.offset + blob.length), blob);
  return typeof opened === "string" ? faultTexts[opened] : null;
}

function headerFault(packId: Id, bytes: Uint8Array, indexed: readonly PackedBlob[], cipher: Cipher): string | null {
  if (bytes.length < 4) return "its header is missing";
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true);
  const start = bytes.length - 4 - length;
  if (length <= sealOverheadBytes || start < 0) return `its header cannot be ${length} bytes long`;
  const opened = cipher.open(bytes.subarray(start, bytes.length - 4));
  if (opened === null) return "its header has a wrong MAC";
  try {
    const blobs = parsePackHeader(packId, opened, start);
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
