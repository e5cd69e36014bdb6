import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { formatAbsolute } from "../time/duration.ts";
import { axisTicks } from "./axis-ticks.ts";
import { type TimelineRange, zoomAround } from "./timeline-range.ts";

interface RangeBrushProps {
  readonly range: Pick<TimelineRange, "fromMs" | "untilMs">;
  /** Parts that the arrow keys go through. */
  readonly bins: number;
  readonly label: string;
  /** What happened in a part, in words. */
  readonly describe: (bin: number) => string;
  readonly onRange: (range: { readonly fromMs: number; readonly untilMs: number }) => void;
  /** Drawn over the whole width; places are shares of it. */
  readonly children: ReactNode;
}

/** Fewer pixels than this are a click. */
const leastDrag = 5;

/**
 * A drawing over an axis of time. Drag over a stretch to see only that; Ctrl and the wheel zoom around the pointer; with the keyboard arrows go through
 * the parts and say what happened, + and - zoom, Enter opens the part, Shift and arrows move the range.
 */
export function RangeBrush({ range, bins, label, describe, onRange, children }: RangeBrushProps) {
  const tracks = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const { fromMs, untilMs } = range;
  const lengthMs = untilMs - fromMs;
  const binMs = lengthMs / bins;
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
    const at = cursor ?? bins - 1;
    const middleMs = fromMs + (at + 0.5) * binMs;
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by !== 0 && event.shiftKey)
      onRange({ fromMs: fromMs + (by * lengthMs) / 4, untilMs: untilMs + (by * lengthMs) / 4 });
    else if (by !== 0) setCursor(Math.min(Math.max(at + by, 0), bins - 1));
    else if (event.key === "Home") setCursor(0);
    else if (event.key === "End") setCursor(bins - 1);
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
      : `${formatAbsolute(fromMs + cursor * binMs)}: ${describe(cursor)}`;
  const selected =
    drag === null ? null : ([placeOf(drag.from), placeOf(drag.to)].sort((a, b) => a - b) as [number, number]);
  return (
    <>
      <div
        ref={tracks}
        className="timeline-tracks"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={bins - 1}
        aria-valuenow={cursor ?? bins - 1}
        aria-valuetext={cursorText}
        onKeyDown={onKeyDown}
        onBlur={() => setCursor(null)}
        onPointerDown={onPointerDown}
        onPointerMove={(event) => setDrag((now) => (now === null ? null : { ...now, to: event.clientX }))}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrag(null)}
      >
        {children}
        {selected ? (
          <span
            className="timeline-selection"
            style={{ left: `${selected[0] * 100}%`, width: `${(selected[1] - selected[0]) * 100}%` }}
          />
        ) : null}
        {cursor !== null ? (
          <span className="timeline-cursor" style={{ left: `${(cursor / bins) * 100}%`, width: `${100 / bins}%` }} />
        ) : null}
      </div>
      <Axis fromMs={fromMs} untilMs={untilMs} />
      <p className="timeline-hint quiet" aria-live="polite">
        {cursor === null ? "Drag over a stretch to look closer; Ctrl and the wheel zoom." : cursorText}
      </p>
    </>
  );
}

function Axis({ fromMs, untilMs }: { fromMs: number; untilMs: number }) {
  const ticks = axisTicks(fromMs, untilMs, 7);
  return (
    <div className="timeline-axis" aria-hidden>
      {ticks.map(({ atMs, text }) => {
        const share = (atMs - fromMs) / (untilMs - fromMs);
        // At the end there is no room behind it.
        return share > 0.9 ? (
          <span key={atMs} className="before" style={{ right: `${(1 - share) * 100}%` }}>
            {text}
          </span>
        ) : (
          <span key={atMs} style={{ left: `${share * 100}%` }}>
            {text}
          </span>
        );
      })}
    </div>
  );
}
