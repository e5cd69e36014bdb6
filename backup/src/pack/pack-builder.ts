import { type BlobType, type Id, idOf, type PackedBlob } from "../blob/index.ts";
import { type Cipher, nonceBytes, sealOverheadBytes } from "../crypto/index.ts";
import { encodePackHeader, packEntryBytes } from "./pack-header.ts";

/** A pack ready to be saved. */
export interface FinishedPack {
  readonly id: Id;
  readonly bytes: Uint8Array;
  readonly blobs: readonly PackedBlob[];
}

/** Collects blobs of one type until they are worth a file. */
export interface PackBuilder {
  readonly type: BlobType;
  /** Bytes of the pack if it were finished now; 0 when it is empty. */
  readonly sizeBytes: number;
  readonly blobCount: number;
  /** Whether it has reached its target size. A blob may still be added. */
  readonly isFull: boolean;
  /** Seals a payload (compressed when `uncompressedLength` is a number) straight into the pack. */
  add(id: Id, payload: Uint8Array, uncompressedLength: number | null): PackedBlob;
  /**
   * Lets `write` put a payload of at most `mostBytes` straight into the pack, and seals it there: for what would otherwise be made elsewhere
   * and copied. It returns how many bytes it wrote; when it returns null, nothing is added.
   */
  addWritten(
    id: Id,
    mostBytes: number,
    uncompressedLength: number,
    write: (target: Uint8Array) => number | null,
  ): PackedBlob | null;
  /** Adds a blob sealed before with the same key, e.g. while repacking. */
  addSealed(id: Id, sealed: Uint8Array, uncompressedLength: number | null): PackedBlob;
  /** Closes the pack; the builder is empty then and can be used again. Null when it was empty. */
  finish(): FinishedPack | null;
}

/** Packs reach about this size in bytes, as restic's do. */
export const targetPackBytes = 16 * 1024 * 1024;

/** Room for the blob that fills the pack: the system gives pages of it only when they are written. */
const lastBlobBytes = 8 * 1024 * 1024 + 64 * 1024;

/** Memory for a pack of this target size, unless a blob in it is larger than any chunk. */
export function packMemoryBytes(targetBytes: number): number {
  return targetBytes + lastBlobBytes;
}

/** An empty builder. */
export function createPackBuilder(options: {
  readonly type: BlobType;
  readonly cipher: Cipher;
  readonly targetBytes?: number;
  /** Gives the memory for a pack, of so many bytes; whoever saves packs may hand theirs out again. */
  readonly allocate?: (bytes: number) => Uint8Array;
}): PackBuilder {
  const { type, cipher, targetBytes = targetPackBytes, allocate = (bytes) => new Uint8Array(bytes) } = options;
  let buffer: Uint8Array | null = null;
  let blobs: PackedBlob[] = [];
  let blobBytes = 0;
  let headerBytes = sealOverheadBytes + 4;

  /** The buffer, with room for so many more bytes of blobs and header. */
  function bufferFor(moreBytes: number): Uint8Array {
    const needed = blobBytes + headerBytes + moreBytes;
    if (buffer === null) {
      buffer = allocate(packMemoryBytes(targetBytes));
    }
    if (needed > buffer.length) {
      // Only a tree of a very large directory comes here.
      const larger = new Uint8Array(needed + lastBlobBytes);
      larger.set(buffer.subarray(0, blobBytes));
      buffer = larger;
    }
    return buffer;
  }

  function note(id: Id, length: number, uncompressedLength: number | null): PackedBlob {
    const blob = { id, type, offset: blobBytes, length, uncompressedLength };
    blobs.push(blob);
    blobBytes += length;
    headerBytes += packEntryBytes(uncompressedLength);
    return blob;
  }

  const sizeBytes = () => (blobs.length === 0 ? 0 : blobBytes + headerBytes);

  return {
    type,
    get sizeBytes() {
      return sizeBytes();
    },
    get blobCount() {
      return blobs.length;
    },
    get isFull() {
      return sizeBytes() >= targetBytes;
    },
    add(id, payload, uncompressedLength) {
      const target = bufferFor(payload.length + sealOverheadBytes + packEntryBytes(uncompressedLength));
      return note(id, cipher.sealInto(payload, target, blobBytes), uncompressedLength);
    },
    addWritten(id, mostBytes, uncompressedLength, write) {
      const target = bufferFor(mostBytes + sealOverheadBytes + packEntryBytes(uncompressedLength));
      const payloadAt = blobBytes + nonceBytes;
      const length = write(target.subarray(payloadAt, payloadAt + mostBytes));
      if (length === null) return null;
      const payload = target.subarray(payloadAt, payloadAt + length);
      return note(id, cipher.sealInto(payload, target, blobBytes), uncompressedLength);
    },
    addSealed(id, sealed, uncompressedLength) {
      bufferFor(sealed.length + packEntryBytes(uncompressedLength)).set(sealed, blobBytes);
      return note(id, sealed.length, uncompressedLength);
    },
    finish() {
      if (buffer === null || blobs.length === 0) return null;
      const headerLength = cipher.sealInto(encodePackHeader(blobs), buffer, blobBytes);
      const end = blobBytes + headerLength + 4;
      const bytes = buffer.subarray(0, end);
      new DataView(buffer.buffer, buffer.byteOffset).setUint32(end - 4, headerLength, true);
      const finished = { id: idOf(bytes), bytes, blobs };
      buffer = null;
      blobs = [];
      blobBytes = 0;
      headerBytes = sealOverheadBytes + 4;
      return finished;
    },
  };
}
