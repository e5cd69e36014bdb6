import type { LogRecord } from "@mycloud/protocol/log-record";
import { formatAbsolute, formatClock } from "../time/duration.ts";
import { toneOf } from "./severity-look.ts";

interface LogLineProps {
  readonly record: LogRecord;
  readonly isOpen: boolean;
  readonly isFocused: boolean;
  readonly isMarked: boolean;
  /** From 1. */
  readonly place: number;
  /** Of how many; -1 while that is not known. */
  readonly of: number;
  readonly hasHost: boolean;
  readonly onToggle: () => void;
}

/** One record in one line: when, who, how bad, what. */
export function LogLine({ record, isOpen, isFocused, isMarked, place, of, hasHost, onToggle }: LogLineProps) {
  const { id, timeUs, host, service, severity, message } = record;
  const timeMs = Math.floor(timeUs / 1000);
  const tone = toneOf(severity);
  const classes = [
    "log-line",
    `edge-${tone}`,
    isFocused ? "focused" : "",
    isMarked ? "marked" : "",
    isOpen ? "open" : "",
  ];
  return (
    <div
      id={`log-${id}`}
      role="option"
      tabIndex={-1}
      aria-selected={isFocused}
      aria-posinset={place}
      aria-setsize={of}
      className={classes.filter(Boolean).join(" ")}
      onClick={() => {
        // Somebody who drags over a line wants to copy it.
        if (window.getSelection()?.type !== "Range") onToggle();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") onToggle();
      }}
    >
      <time dateTime={new Date(timeMs).toISOString()} title={formatAbsolute(timeMs)}>
        {formatClock(timeMs)}
        <span className="quiet">.{String(timeMs % 1000).padStart(3, "0")}</span>
      </time>
      {hasHost ? <span className="clip log-host">{host}</span> : null}
      <span className="clip log-service">{service}</span>
      <span className={`log-severity tone-${tone}`}>{severity ?? "–"}</span>
      <span className="clip log-message">{message.split("\n", 1)[0]}</span>
    </div>
  );
}
