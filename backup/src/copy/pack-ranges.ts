import type { Id, PackedBlob } from "../blob/index.ts";

/** A part of a pack that is read at once, and the blobs wanted of it. */
export interface PackRange {
  readonly packId: Id;
  readonly offset: number;
  readonly length: number;
  readonly blobs: readonly PackedBlob[];
}

/** Bytes nobody wants that are read along: a second request costs more. */
const gapBytes = 512 * 1024;

/** The ranges that hold these blobs of a pack, in the order of offsets. */
export function joinRanges(packId: Id, blobs: readonly PackedBlob[]): PackRange[] {
  const ranges: { packId: Id; offset: number; length: number; blobs: PackedBlob[] }[] = [];
  for (const blob of [...blobs].sort((a, b) => a.offset - b.offset)) {
    const last = ranges.at(-1);
    if (last === undefined || blob.offset - (last.offset + last.length) > gapBytes) {
      ranges.push({ packId, offset: blob.offset, length: blob.length, blobs: [blob] });
    } else {
      last.length = Math.max(last.length, blob.offset + blob.length - last.offset);
      last.blobs.push(blob);
    }
  }
  return ranges;
}
