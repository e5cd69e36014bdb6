/** What is usual: a middle, and how far values lie from it. */
export interface Usual {
  readonly center: number;
  readonly spread: number;
}

/** The middle value; the mean of the middle two; 0 of none. Pure. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Makes the median absolute deviation of normal values their standard deviation. */
const madToDeviation = 1.4826;
/** As many values as a belief held before any is worth. */
const priorWeight = 5;

/**
 * Median and deviation by the median absolute deviation, neither moved by a few wild values. What is believed before there is history counts
 * as five values at its centre; the deviation is never less than that of the prior. Pure.
 */
export function usualOf(history: readonly number[], prior: Usual): Usual {
  const values = [...history, ...Array.from({ length: priorWeight }, () => prior.center)];
  const center = median(values);
  const deviation = median(values.map((value) => Math.abs(value - center))) * madToDeviation;
  return { center, spread: Math.max(deviation, prior.spread) };
}
