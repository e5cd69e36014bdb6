import { StateIcon } from "../state/StateIcon.tsx";
import { stateLook } from "../state/state-look.ts";
import { formatAbsolute, formatDuration } from "../time/duration.ts";
import { type StripSegment, shareByState } from "./build-strip.ts";

function segmentText(segment: StripSegment): string {
  const length = formatDuration((segment.untilMs - segment.fromMs) / 1000);
  const what =
    segment.state === null ? "not watched yet" : `${segment.state}${segment.stateType === "SOFT" ? " (soft)" : ""}`;
  return `${what} for ${length}, from ${formatAbsolute(segment.fromMs)}${segment.output ? `\n${segment.output}` : ""}`;
}

/** States over time as one bar: stale and unknown time is hatched, never filled as if it had been fine. */
export function StateStrip({ segments }: { segments: readonly StripSegment[] }) {
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) return null;
  const total = last.untilMs - first.fromMs;
  const shares = [...shareByState(segments)].sort(([, a], [, b]) => b - a);
  return (
    <figure style={{ margin: 0 }}>
      <div className="strip" role="img" aria-label={`State history: ${shares.map(shareText).join(", ")}`}>
        {segments.map((segment) => {
          const tone = segment.state === null ? "nothing" : stateLook(segment.state).tone;
          return (
            <span
              key={segment.fromMs}
              className={`segment fill-${tone}${segment.stateType === "SOFT" ? " soft" : ""}`}
              style={{ flexGrow: (segment.untilMs - segment.fromMs) / total, flexBasis: 0 }}
              title={segmentText(segment)}
            />
          );
        })}
      </div>
      <div className="strip-axis" aria-hidden>
        <span>{formatDuration(total / 1000)} ago</span>
        <span>{formatDuration(total / 2000)} ago</span>
        <span>now</span>
      </div>
      <figcaption className="legend">
        {shares.map(([state, share]) => (
          <span key={state} className="row" style={{ gap: 4 }}>
            <StateIcon state={state} size={13} />
            {shareText([state, share])}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function shareText([state, share]: [string, number]): string {
  // 99.96% must not read as a round 100.
  const percent = share === 1 ? "100" : Math.min(share * 100, 99.99).toFixed(share > 0.99 ? 2 : 1);
  return `${state} ${percent}%`;
}
