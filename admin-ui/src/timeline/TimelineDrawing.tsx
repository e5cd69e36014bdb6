import type { ObjectAvailability } from "@mycloud/protocol/availability";
import type { TimelineDensity } from "@mycloud/protocol/timeline";
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router-dom";
import { stretchClass, stretchInWords } from "../resources/availability/stretch-look.ts";
import { formatAbsolute } from "../time/duration.ts";
import { axisTicks } from "./axis-ticks.ts";
import { binInWords, type DensityRow, densityRows } from "./density-rows.ts";
import { type TimelineRange, zoomAround } from "./timeline-range.ts";

interface TimelineDrawingProps {
  readonly range: TimelineRange;
  readonly density: TimelineDensity;
  /** States of single objects over the range, each a lane of its own. */
  readonly objects: readonly ObjectAvailability[];
  readonly onRange: (range: { readonly fromMs: number; readonly untilMs: number }) => void;
}

/** Fewer pixels than this are a click. */
const leastDrag = 5;

/**
 * What happened as lanes over one axis: how often by kind, and the states of single objects. Drag over a stretch to see only that; Ctrl and the wheel zoom around the
 * pointer; with the keyboard arrows go through the parts and say what happened, + and - zoom, Enter opens the part, Shift and arrows move the range.
 */
export function TimelineDrawing({ range, density, objects, onRange }: TimelineDrawingProps) {
  const tracks = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const rows = useMemo(() => densityRows(density), [density]);
  const { fromMs, untilMs } = range;
  const lengthMs = untilMs - fromMs;
  const binMs = lengthMs / density.bins;
  const placeOf = (clientX: number) => {
    const box = tracks.current?.getBoundingClientRect();
    return box ? Math.min(Math.max((clientX - box.left) / box.width, 0), 1) : 0;
  };

  // React's own wheel listener may not keep the page from zooming itself.
  useEffect(() => {
    const element = tracks.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const atMs = fromMs + ((event.clientX - box.left) / box.width) * lengthMs;
      onRange(zoomAround({ fromMs, untilMs }, atMs, event.deltaY > 0 ? 1.5 : 1 / 1.5));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [fromMs, untilMs, lengthMs, onRange]);

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ from: event.clientX, to: event.clientX });
  };
  const onPointerUp = () => {
    if (drag === null) return;
    setDrag(null);
    if (Math.abs(drag.to - drag.from) < leastDrag) return;
    const [first, last] = [placeOf(drag.from), placeOf(drag.to)].sort((a, b) => a - b) as [number, number];
    onRange({ fromMs: fromMs + first * lengthMs, untilMs: fromMs + last * lengthMs });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor ?? density.bins - 1;
    const middleMs = fromMs + (at + 0.5) * binMs;
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by !== 0 && event.shiftKey)
      onRange({ fromMs: fromMs + (by * lengthMs) / 4, untilMs: untilMs + (by * lengthMs) / 4 });
    else if (by !== 0) setCursor(Math.min(Math.max(at + by, 0), density.bins - 1));
    else if (event.key === "Home") setCursor(0);
    else if (event.key === "End") setCursor(density.bins - 1);
    else if (event.key === "+" || event.key === "=") onRange(zoomAround(range, middleMs, 0.5));
    else if (event.key === "-") onRange(zoomAround(range, middleMs, 2));
    else if (event.key === "Enter" && cursor !== null)
      onRange({ fromMs: fromMs + at * binMs, untilMs: fromMs + (at + 1) * binMs });
    else return;
    event.preventDefault();
  };
  const cursorText =
    cursor === null
      ? "arrow keys go through the range, plus and minus zoom, Enter opens a part, Shift and arrows move"
      : `${formatAbsolute(fromMs + cursor * binMs)}: ${binInWords(rows, cursor)}`;
  const selected =
    drag === null ? null : ([placeOf(drag.from), placeOf(drag.to)].sort((a, b) => a - b) as [number, number]);
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
      <div
        ref={tracks}
        className="timeline-tracks"
        role="slider"
        tabIndex={0}
        aria-label="What happened over time"
        aria-valuemin={0}
        aria-valuemax={density.bins - 1}
        aria-valuenow={cursor ?? density.bins - 1}
        aria-valuetext={cursorText}
        onKeyDown={onKeyDown}
        onBlur={() => setCursor(null)}
        onPointerDown={onPointerDown}
        onPointerMove={(event) => setDrag((now) => (now === null ? null : { ...now, to: event.clientX }))}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrag(null)}
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
        {selected ? (
          <span
            className="timeline-selection"
            style={{ left: `${selected[0] * 100}%`, width: `${(selected[1] - selected[0]) * 100}%` }}
          />
        ) : null}
        {cursor !== null ? (
          <span
            className="timeline-cursor"
            style={{ left: `${(cursor / density.bins) * 100}%`, width: `${100 / density.bins}%` }}
          />
        ) : null}
      </div>
      <Axis fromMs={fromMs} untilMs={untilMs} />
      <p className="timeline-hint quiet" aria-live="polite">
        {cursor === null ? "Drag over a stretch to look closer; Ctrl and the wheel zoom." : cursorText}
      </p>
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

function Axis({ fromMs, untilMs }: { fromMs: number; untilMs: number }) {
  const ticks = axisTicks(fromMs, untilMs, 7);
  return (
    <div className="timeline-axis" aria-hidden>
      {ticks.map(({ atMs, text }) => (
        <span key={atMs} style={{ left: `${((atMs - fromMs) / (untilMs - fromMs)) * 100}%` }}>
          {text}
        </span>
      ))}
    </div>
  );
}
