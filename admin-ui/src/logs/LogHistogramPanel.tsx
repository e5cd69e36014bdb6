import type { LogHistogram } from "@mycloud/protocol/log-search";
import { RangeBrush } from "../timeline/RangeBrush.tsx";
import { type HistogramPile, pilesOf } from "./histogram-piles.ts";

interface LogHistogramPanelProps {
  readonly histogram: LogHistogram;
  readonly onRange: (range: { readonly fromMs: number; readonly untilMs: number }) => void;
}

/** How many records there were over time, by severity; drag over a stretch to see only that. */
export function LogHistogramPanel({ histogram, onRange }: LogHistogramPanelProps) {
  const { piles, most } = pilesOf(histogram);
  const fromMs = histogram.fromUs / 1000;
  const range = { fromMs, untilMs: fromMs + (histogram.bins.length * histogram.binUs) / 1000 };
  return (
    <div className="log-histogram">
      <RangeBrush
        range={range}
        bins={histogram.bins.length}
        label="Records over time"
        describe={(bin) => piles[bin]?.words ?? "nothing"}
        onRange={onRange}
      >
        <div className="timeline-track">
          {piles.map((pile, bin) =>
            pile.count === 0 ? null : (
              // biome-ignore lint/suspicious/noArrayIndexKey: a pile is its place
              <Pile key={bin} pile={pile} bin={bin} bins={piles.length} most={most} />
            ),
          )}
        </div>
      </RangeBrush>
    </div>
  );
}

function Pile({ pile, bin, bins, most }: { pile: HistogramPile; bin: number; bins: number; most: number }) {
  return (
    <span
      className="pile"
      title={pile.words}
      style={{
        left: `${(bin / bins) * 100}%`,
        width: `${100 / bins}%`,
        height: `${Math.max(3, (pile.count / most) * 100)}%`,
      }}
    >
      {pile.pieces.map(({ tone, count }) => (
        <span key={tone} className={`fill-${tone}`} style={{ flexGrow: count }} />
      ))}
    </span>
  );
}
