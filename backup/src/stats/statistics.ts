export const statisticsModes = ["restore-size", "files-by-contents", "blobs-per-file", "raw-data"] as const;

/**
 * What is counted. `restore-size`: every entry, hard-linked files once. `files-by-contents`: files of different content. `blobs-per-file`:
 * their blobs, each once for a path. `raw-data`: blobs as they are stored, each once.
 */
export type StatisticsMode = (typeof statisticsModes)[number];

/** Sizes in bytes. What a mode does not count is 0 or null. */
export interface Statistics {
  readonly snapshots: number;
  readonly files: number;
  readonly blobs: number;
  readonly totalSize: number;
  /** Of `raw-data`: what the blobs would take uncompressed. */
  readonly uncompressedSize: number | null;
  /** Of `raw-data`: how many times smaller the compressed blobs are than what they hold. */
  readonly compressionRatio: number | null;
  /** Of `raw-data`: the part of all plaintext that is in compressed blobs, and the part that compression saved; 0 to 100. */
  readonly compressionProgressPercent: number | null;
  readonly compressionSavingPercent: number | null;
}
