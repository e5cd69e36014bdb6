import type { BlobType, Id, PackedBlob } from "../blob/index.ts";
import { sealOverheadBytes } from "../crypto/index.ts";
import { DamagedError } from "../error/index.ts";

const idBytes = 32;
const plainEntryBytes = 1 + 4 + idBytes;
const compressedEntryBytes = plainEntryBytes + 4;

/** In an entry's first byte: the kind of blob, and whether it was compressed. */
const treeBit = 1;
const compressedBit = 2;

/** Bytes that the header of these blobs takes in a pack, sealed and with its length behind it. */
export function packHeaderBytes(blobs: readonly PackedBlob[]): number {
  return blobs.reduce((sum, blob) => sum + packEntryBytes(blob.uncompressedLength), sealOverheadBytes + 4);
}

/** Bytes of one blob's entry. */
export function packEntryBytes(uncompressedLength: number | null): number {
  return uncompressedLength === null ? plainEntryBytes : compressedEntryBytes;
}

/** The plaintext of a pack's header. Blobs in the order of their offsets. */
export function encodePackHeader(blobs: readonly PackedBlob[]): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(packHeaderBytes(blobs) - sealOverheadBytes - 4);
  const view = new DataView(header.buffer);
  let at = 0;
  for (const { id, type, length, uncompressedLength } of blobs) {
    header[at] = (type === "tree" ? treeBit : 0) | (uncompressedLength === null ? 0 : compressedBit);
    view.setUint32(at + 1, length, true);
    if (uncompressedLength !== null) view.setUint32(at + 5, uncompressedLength, true);
    at += packEntryBytes(uncompressedLength);
    header.set(Buffer.from(id, "hex"), at - idBytes);
  }
  return header;
}

/**
 * What a pack's header (its plaintext) says lies in the first `blobBytes` bytes of the pack.
 * Throws DamagedError when it cannot be read or its lengths do not add up.
 */
export function parsePackHeader(packId: Id, header: Uint8Array, blobBytes: number): PackedBlob[] {
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  const blobs: PackedBlob[] = [];
  let offset = 0;
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes[at] ?? 0;
    if (kind > (treeBit | compressedBit)) throw damaged(packId, `has a blob of unknown kind ${kind}`);
    const isCompressed = (kind & compressedBit) !== 0;
    const end = at + (isCompressed ? compressedEntryBytes : plainEntryBytes);
    if (end > bytes.length) throw damaged(packId, "ends within an entry");
    const type: BlobType = (kind & treeBit) !== 0 ? "tree" : "data";
    const length = bytes.readUInt32LE(at + 1);
    if (length < sealOverheadBytes) throw damaged(packId, `has a blob of ${length} bytes, less than sealing adds`);
    const uncompressedLength = isCompressed ? bytes.readUInt32LE(at + 5) : null;
    blobs.push({ id: bytes.toString("hex", end - idBytes, end), type, offset, length, uncompressedLength });
    offset += length;
    at = end;
  }
  if (blobs.length === 0) throw damaged(packId, "names no blob");
  if (offset !== blobBytes) throw damaged(packId, `names ${offset} bytes of blobs where there are ${blobBytes}`);
  return blobs;
}

function damaged(packId: Id, what: string): DamagedError {
  return new DamagedError(`data/${packId}`, `the pack's header ${what}`);
}
