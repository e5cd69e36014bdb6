/** How often a pattern was there, in a range and in the one before. */
export interface PatternCount {
  readonly template: string;
  readonly count: number;
  readonly countBefore: number;
}

export type PatternOrder = "count" | "risen" | "new";

/**
 * Patterns in the order that is asked for, without those that are not meant: `count` the most frequent first; `risen` those first that came most above
 * what the range before (of `ratio` times its length) lets expect, measured by what chance does to counts; `new` only those that were not there before.
 * Pure.
 */
export function rankPatterns<Pattern extends PatternCount>(
  patterns: readonly Pattern[],
  order: PatternOrder,
  ratio: number,
): Pattern[] {
  const here = patterns.filter(({ count }) => count > 0);
  const byCount = (one: Pattern, other: Pattern) => other.count - one.count || (one.template < other.template ? -1 : 1);
  if (order === "count") return here.sort(byCount);
  if (order === "new") return here.filter(({ countBefore }) => countBefore === 0).sort(byCount);
  const rise = ({ count, countBefore }: Pattern) => {
    const expected = countBefore * ratio;
    return (count - expected) / Math.sqrt(expected + 1);
  };
  return here.filter((one) => rise(one) > 0).sort((one, other) => rise(other) - rise(one) || byCount(one, other));
}
