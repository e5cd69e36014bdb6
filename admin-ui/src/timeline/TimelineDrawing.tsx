import type { ObjectAvailability } from "@mycloud/protocol/availability";
import type { TimelineDensity } from "@mycloud/protocol/timeline";
import { useMemo } from "react";
import { Link } from "react-router-dom";
import { stretchClass, stretchInWords } from "../resources/availability/stretch-look.ts";
import { formatAbsolute } from "../time/duration.ts";
import { binInWords, type DensityRow, densityRows } from "./density-rows.ts";
import { RangeBrush } from "./RangeBrush.tsx";
import type { TimelineRange } from "./timeline-range.ts";

interface TimelineDrawingProps {
  readonly range: TimelineRange;
  readonly density: TimelineDensity;
  /** States of single objects over the range, each a lane of its own. */
  readonly objects: readonly ObjectAvailability[];
  readonly onRange: (range: { readonly fromMs: number; readonly untilMs: number }) => void;
}

/** What happened as lanes over one axis: how often by kind, and the states of single objects. */
export function TimelineDrawing({ range, density, objects, onRange }: TimelineDrawingProps) {
  const rows = useMemo(() => densityRows(density), [density]);
  const { fromMs, untilMs } = range;
  const lengthMs = untilMs - fromMs;
  const binMs = lengthMs / density.bins;
  return (
    <div className="timeline-drawing">
      <div className="timeline-names" aria-hidden>
        {rows.map((row) => (
          <span key={row.kind}>{row.title}</span>
        ))}
        {objects.map((object) => (
          <span key={`${object.hostId}-${object.serviceId}`} className="clip">
            {object.serviceId === null ? (
              "the host"
            ) : (
              <Link to={`/services/${object.serviceId}/show`} tabIndex={-1}>
                {object.serviceName}
              </Link>
            )}
          </span>
        ))}
      </div>
      <RangeBrush
        range={range}
        bins={density.bins}
        label="What happened over time"
        describe={(bin) => binInWords(rows, bin)}
        onRange={onRange}
      >
        {rows.map((row) => (
          <DensityTrack key={row.kind} row={row} bins={density.bins} fromMs={fromMs} binMs={binMs} />
        ))}
        {objects.map((object) => (
          <div className="timeline-track states" key={`${object.hostId}-${object.serviceId}`}>
            {object.stretches.map((stretch) => (
              <span
                key={stretch.fromMs}
                className={stretchClass(stretch)}
                style={{
                  left: `${((stretch.fromMs - fromMs) / lengthMs) * 100}%`,
                  width: `${((stretch.untilMs - stretch.fromMs) / lengthMs) * 100}%`,
                }}
                title={stretchInWords(stretch)}
              />
            ))}
          </div>
        ))}
        {density.countedFromMs !== null ? (
          <span
            className="timeline-uncounted"
            style={{ width: `${Math.max(0, ((density.countedFromMs - fromMs) / lengthMs) * 100)}%` }}
            title="too much happened since to count what was before"
          />
        ) : null}
      </RangeBrush>
    </div>
  );
}

function DensityTrack({ row, bins, fromMs, binMs }: { row: DensityRow; bins: number; fromMs: number; binMs: number }) {
  return (
    <div className="timeline-track">
      {row.bars.map(({ bin, total, pieces }) => (
        <span
          key={bin}
          className="pile"
          style={{
            left: `${(bin / bins) * 100}%`,
            width: `${100 / bins}%`,
            // Few stay visible beside many.
            height: `${Math.max(12, Math.sqrt(total / row.most) * 100)}%`,
          }}
          title={`${formatAbsolute(fromMs + bin * binMs)}: ${pieces.map(({ word, count }) => `${count} ${word}`).join(", ")}`}
        >
          {pieces.map(({ tone, word, count }) => (
            <span key={word} className={tone === null ? "fill-event" : `fill-${tone}`} style={{ flexGrow: count }} />
          ))}
        </span>
      ))}
    </div>
  );
}
