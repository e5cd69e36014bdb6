import { claimantOf, type LogRecord } from "@mycloud/protocol/log-record";
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
  /** What else is to be said of it. */
  readonly note: string | null;
  readonly onToggle: () => void;
}

const notAHost = "No host that is known: what the sender calls itself";

/** One record in one line: when, who, how bad, what. */
export function LogLine({ record, isOpen, isFocused, isMarked, place, of, hasHost, note, onToggle }: LogLineProps) {
  const { id, timeUs, host, hostId, service, severity, message } = record;
  const timeMs = Math.floor(timeUs / 1000);
  const tone = toneOf(severity);
  const claimant = claimantOf(record);
  const classes = [
    "log-line",
    `edge-${tone}`,
    isFocused ? "focused" : "",
    isMarked ? "marked" : "",
    isOpen ? "open" : "",
  ];
  return (
    <tr
      id={`log-${id}`}
      tabIndex={-1}
      aria-level={1}
      aria-expanded={isOpen}
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
      <td>
        <time dateTime={new Date(timeMs).toISOString()} title={formatAbsolute(timeMs)}>
          {formatClock(timeMs)}
          <span className="quiet">.{String(timeMs % 1000).padStart(3, "0")}</span>
        </time>
      </td>
      {hasHost ? (
        <td className={`clip log-host${hostId === null ? " quiet" : ""}`} title={hostId === null ? notAHost : host}>
          {host}
        </td>
      ) : null}
      <td className="clip log-service">{service}</td>
      <td className={`log-severity tone-${tone}`}>{severity ?? "–"}</td>
      <td className="clip log-message">
        {claimant === null ? null : (
          <span
            className="label-chip"
            title={`The sender ${claimant} says that it is of this host: it did not come from there.`}
          >
            said by {claimant}
          </span>
        )}
        {note === null ? null : <span className="label-chip">{note}</span>}
        {message.split("\n", 1)[0]}
      </td>
    </tr>
  );
}
