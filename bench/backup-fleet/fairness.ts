/**
 * Jain's index of fairness: 1 when all have the same, 1/n when one has everything. Source: Jain, Chiu, Hawe, "A Quantitative Measure of
 * Fairness and Discrimination", DEC TR-301, 1984. Pure.
 */
export function jainsIndex(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return squares === 0 ? 1 : (sum * sum) / (shares.length * squares);
}

/** The value that this share (0 to 1) of all does not exceed. Pure. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
