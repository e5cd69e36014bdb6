import type { BlobType, Id, PackedBlob } from "../blob/index.ts";
import type { BlobIndex } from "../index/index.ts";
import { packHeaderBytes } from "../pack/index.ts";
import type { BlobBitmap } from "../reachability/index.ts";

/** How much of a pack is needed. Of a blob in several packs, one place counts as used, the others as duplicates. */
export interface PackUse {
  readonly id: Id;
  readonly type: BlobType | "mixed";
  readonly usedBlobs: number;
  readonly usedBytes: number;
  readonly duplicateBlobs: number;
  readonly duplicateBytes: number;
  readonly unusedBlobs: number;
  readonly unusedBytes: number;
  readonly headerBytes: number;
}

type Tally = { -readonly [K in keyof PackUse]: PackUse[K] };

// Counts of places: 1 for a blob that is in one pack only, 2 and more for duplicates; more than fit are counted as this many.
const mostCopies = 254;
/** A duplicate of which only one place is left to choose. */
const lastPlace = 255;
/** A duplicate whose place was chosen. */
const chosen = 0;

/**
 * The use of every pack that exists. Packs that do not exist (`isPresent` says) do not count as places of their blobs. Memory: one byte
 * a blob and one object a pack.
 */
export function measurePackUse(
  index: BlobIndex,
  needed: BlobBitmap,
  isPresent: (packId: Id) => boolean,
): ReadonlyMap<Id, PackUse> {
  const copies = new Uint8Array(index.blobNumberLimit);
  for (const { id } of index.packs()) {
    if (isPresent(id))
      for (const blob of index.blobsOfPack(id)) countCopy(copies, index.blobNumber(blob.type, blob.id));
  }
  const uses = new Map<Id, Tally>();
  const withDuplicates: Id[] = [];
  for (const { id } of index.packs()) {
    if (!isPresent(id)) continue;
    const use = tally(id, index.blobsOfPack(id), (number) => needed.hasNumber(number), copies, index);
    uses.set(id, use);
    if (use.duplicateBlobs > 0) withDuplicates.push(id);
  }
  chooseDuplicates(uses, withDuplicates, needed, copies, index);
  return uses;
}

function countCopy(copies: Uint8Array, number: number): void {
  copies[number] = Math.min(mostCopies, (copies[number] ?? 0) + 1);
}

/** The use of one pack, in which every needed blob with several places is a duplicate for now. */
function tally(
  id: Id,
  blobs: readonly PackedBlob[],
  isNeeded: (number: number) => boolean,
  copies: Uint8Array,
  index: BlobIndex,
): Tally {
  const use: Tally = {
    id,
    type: blobs.some(({ type }) => type !== blobs[0]?.type) ? "mixed" : (blobs[0]?.type ?? "data"),
    usedBlobs: 0,
    usedBytes: 0,
    duplicateBlobs: 0,
    duplicateBytes: 0,
    unusedBlobs: 0,
    unusedBytes: 0,
    headerBytes: packHeaderBytes(blobs),
  };
  for (const blob of blobs) {
    const number = index.blobNumber(blob.type, blob.id);
    const kind = !isNeeded(number) ? "unused" : (copies[number] ?? 0) > 1 ? "duplicate" : "used";
    use[`${kind}Blobs`] += 1;
    use[`${kind}Bytes`] += blob.length;
  }
  return use;
}

/**
 * Makes one place of each needed blob its used one: in a pack that is used anyway, or one that holds nothing but needed blobs (an
 * interrupted prune wrote it), else the last. Counts `copies` down to the places that are still to come.
 */
function chooseDuplicates(
  uses: ReadonlyMap<Id, Tally>,
  packIds: readonly Id[],
  needed: BlobBitmap,
  copies: Uint8Array,
  index: BlobIndex,
): void {
  for (const packId of packIds) {
    const use = uses.get(packId);
    if (use === undefined) continue;
    for (const { type, id, length } of index.blobsOfPack(packId)) {
      const number = index.blobNumber(type, id);
      const left = copies[number] ?? chosen;
      if (!needed.hasNumber(number) || left === 1 || left === chosen) continue;
      if (left !== lastPlace && use.usedBlobs === 0 && use.unusedBlobs > 0) {
        copies[number] = left === 2 ? lastPlace : left - 1;
        continue;
      }
      use.usedBlobs += 1;
      use.usedBytes += length;
      use.duplicateBlobs -= 1;
      use.duplicateBytes -= length;
      copies[number] = chosen;
    }
  }
}
