import { LogSeverity } from "@mycloud/protocol/log-record";
import type { LogHistogram } from "@mycloud/protocol/log-search";
import type { Tone } from "../theme/palette.ts";
import { pileOrder, toneOf } from "./severity-look.ts";

/** One bar of the histogram. */
export interface HistogramPile {
  readonly count: number;
  /** From top to bottom; only those that are there. */
  readonly pieces: readonly { readonly tone: Tone; readonly count: number }[];
  /** For people: `120 records: 3 err, 117 info`. */
  readonly words: string;
}

const words = [...LogSeverity.options, "none"] as const;

/** Bars by tone, and the height of the highest. Pure. */
export function pilesOf({ bins }: Pick<LogHistogram, "bins">): {
  readonly piles: readonly HistogramPile[];
  readonly most: number;
} {
  const piles = bins.map(({ count, severities }): HistogramPile => {
    const present = words.flatMap((word) => {
      const of = severities[word] ?? 0;
      return of === 0 ? [] : [{ word, of }];
    });
    const pieces = pileOrder.toReversed().flatMap((tone) => {
      const sum = present.filter(({ word }) => toneOf(word) === tone).reduce((all, { of }) => all + of, 0);
      return sum === 0 ? [] : [{ tone, count: sum }];
    });
    const parts = present.map(({ word, of }) => `${of} ${word === "none" ? "without severity" : word}`);
    return { count, pieces, words: count === 0 ? "nothing" : `${count} records: ${parts.join(", ")}` };
  });
  return { piles, most: Math.max(1, ...piles.map(({ count }) => count)) };
}
