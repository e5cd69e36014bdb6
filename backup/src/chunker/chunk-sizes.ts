/** Bounds of chunks in bytes. `average` is a power of two. */
export interface ChunkSizes {
  readonly minimum: number;
  readonly average: number;
  readonly maximum: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;

/** For most files: restic's own sizes. */
export const normalSizes: ChunkSizes = { minimum: 512 * KiB, average: MiB, maximum: 8 * MiB };

/** For large files that change in place (disk images, databases): a changed page costs 64 KiB instead of 1 MiB. */
export const smallSizes: ChunkSizes = { minimum: 16 * KiB, average: 64 * KiB, maximum: 256 * KiB };
