import type { BlobType, Id } from "../blob/index.ts";
import type { BlobIndex } from "../index/index.ts";

/** What is needed to know how large blobs are, and to mark them. */
export type BlobSizes = Pick<BlobIndex, "blobNumber" | "blobNumberLimit" | "plaintextLength">;

export interface BlobCounts {
  dataBlobs: number;
  treeBlobs: number;
  /** Before compression, each blob once. */
  bytes: number;
}

const sideBits = { before: 1, after: 2 } as const;
export type Side = keyof typeof sideBits;

/** Counts the blobs that only one side has, while both are met in any order: a byte for each blob of the repository, never an id. */
export class BlobTally {
  readonly #index: BlobSizes;
  readonly #met: Uint8Array;
  readonly only: Readonly<Record<Side, BlobCounts>> = {
    before: { dataBlobs: 0, treeBlobs: 0, bytes: 0 },
    after: { dataBlobs: 0, treeBlobs: 0, bytes: 0 },
  };

  constructor(index: BlobSizes) {
    this.#index = index;
    this.#met = new Uint8Array(index.blobNumberLimit);
  }

  /** A blob that no index knows has no size; it is not counted. */
  add(side: Side, type: BlobType, id: Id): void {
    const number = this.#index.blobNumber(type, id);
    if (number < 0) return;
    const met = this.#met[number] ?? 0;
    if ((met & sideBits[side]) !== 0) return;
    this.#met[number] = met | sideBits[side];
    const bytes = this.#index.plaintextLength(type, id) ?? 0;
    // Met on the other side before, it was counted as only theirs.
    if (met === 0) change(this.only[side], type, 1, bytes);
    else change(this.only[side === "before" ? "after" : "before"], type, -1, -bytes);
  }
}

function change(counts: BlobCounts, type: BlobType, blobs: number, bytes: number): void {
  if (type === "data") counts.dataBlobs += blobs;
  else counts.treeBlobs += blobs;
  counts.bytes += bytes;
}
