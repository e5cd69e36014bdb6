/** How much may wait. */
export interface SpoolPolicy {
  /** Bytes of all batch files together. */
  readonly maximumBytes: number;
  readonly maximumBatches: number;
  /** A batch that nobody has begun to send takes in more results up to this many. */
  readonly growUntilResults: number;
  /** And up to about this many bytes of output, so that no batch is too large for a request. */
  readonly growUntilBytes: number;
  /** Bytes of batches kept in memory while the disk takes none. */
  readonly maximumMemoryBytes: number;
  /** How many refused batches are kept for a person to look at. */
  readonly keptRejected: number;
}

export const defaultSpoolPolicy: SpoolPolicy = {
  maximumBytes: 64 * 1024 * 1024,
  maximumBatches: 10_000,
  growUntilResults: 200,
  growUntilBytes: 1024 * 1024,
  maximumMemoryBytes: 2 * 1024 * 1024,
  keptRejected: 100,
};

/**
 * Which batches to drop so that the rest fits, oldest first. The newest is never dropped: what has just happened says most.
 * Returns how many from the front. Pure.
 */
export function countToDrop(
  sizesBytes: readonly number[],
  policy: Pick<SpoolPolicy, "maximumBytes" | "maximumBatches">,
): number {
  let bytes = sizesBytes.reduce((sum, size) => sum + size, 0);
  let batches = sizesBytes.length;
  let drop = 0;
  while (batches > 1 && (bytes > policy.maximumBytes || batches > policy.maximumBatches)) {
    bytes -= sizesBytes[drop] ?? 0;
    batches--;
    drop++;
  }
  return drop;
}
