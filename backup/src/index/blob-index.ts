import type { BlobLocation, BlobType, Id, PackedBlob } from "../blob/index.ts";

/** Where every blob lies. One table in shared memory (48 bytes a blob and a bucket), so worker threads ask it too; never an object per blob. */
export interface BlobIndex {
  /** Blobs known (a blob in two packs counts once). */
  readonly blobCount: number;
  has(type: BlobType, id: Id): boolean;
  /** As `has`, of an id that stands at `at` in some text as 64 hexadecimal digits. */
  hasWritten(type: BlobType, text: Uint8Array, at: number): boolean;
  /** The first place of a blob, or null. */
  find(type: BlobType, id: Id): BlobLocation | null;
  /** Every place of a blob: duplicates exist after interrupted or concurrent backups. */
  findAll(type: BlobType, id: Id): readonly BlobLocation[];
  /** Plaintext length in bytes, or null when unknown. */
  plaintextLength(type: BlobType, id: Id): number | null;
  /**
   * A number that stands for a known blob (the same for all its places) in bitmaps over the table; -1 when it is unknown. Below
   * `blobNumberLimit`. Adding or removing a pack may change the numbers of its own blobs, and of no others.
   */
  blobNumber(type: BlobType, id: Id): number;
  readonly blobNumberLimit: number;
  /** Packs known, with the index files that mention them. */
  packs(): Iterable<{ readonly id: Id; readonly indexIds: readonly Id[] }>;
  blobsOfPack(packId: Id): readonly PackedBlob[];
  /** Adds a pack that was stored; `indexId` null until an index file mentions it. */
  addPack(packId: Id, blobs: readonly PackedBlob[], indexId: Id | null): void;
  /** Forgets packs, as if no index mentioned them: blobs only they had are unknown from then on. */
  removePacks(packIds: ReadonlySet<Id>): void;
  /** Index files that were loaded and that nothing needs: empty ones, and those another index file supersedes. */
  readonly obsoleteIndexIds: ReadonlySet<Id>;
  /** Notes which index files mention a pack now, instead of those that did. */
  setIndexesOfPack(packId: Id, indexIds: readonly Id[]): void;
  /** Notes that the obsolete index files have been removed. */
  forgetObsoleteIndexes(): void;
  /** Blobs claimed by worker threads and in no pack added since. A snapshot may be saved only when this is 0. */
  readonly claimedCount: number;
  /** Gives up all claims: after a backup that failed or was aborted, when its worker threads have ended. */
  releaseClaims(): void;
  /** The shared memory, for worker threads: hand it to `openSharedBlobTable`. */
  readonly shared: SharedBlobTable;
}

/** What a worker thread needs to take part: plain data that postMessage shares. */
export interface SharedBlobTable {
  readonly buffers: readonly SharedArrayBuffer[];
}

/** A worker thread's view of the table. */
export interface BlobClaims {
  /** True for exactly one caller among all threads: that one stores the blob. False when it is stored or claimed already. `id` are the 32 bytes. */
  claim(type: BlobType, id: Uint8Array): boolean;
  /** Whether the blob is stored or claimed already, without claiming it. */
  isKnown(type: BlobType, id: Uint8Array): boolean;
}
