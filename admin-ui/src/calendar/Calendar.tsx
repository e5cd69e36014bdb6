import { type Bar, placeBars } from "./place-bars.ts";

/** One row of a calendar: a day or a week. */
export interface CalendarRow {
  readonly label: string;
  readonly startMs: number;
  readonly endMs: number;
  /** What the bars say in words, for those who do not see them. */
  readonly text: string;
  /** Whether `text` is shown beside the bars too. */
  readonly isTextShown?: boolean;
}

export interface CalendarBar extends Bar {
  /** Written into the bar where there is room. */
  readonly text: string;
  readonly title: string;
  /** 0 to 5. */
  readonly colour: number;
}

/** Bars over time, a row for each day or week; `ticks` are written under them. */
export function Calendar({
  label,
  kind,
  rows,
  bars,
  nowMs,
  ticks,
}: {
  label: string;
  /** What a row is. */
  kind: "days" | "weeks";
  rows: readonly CalendarRow[];
  bars: readonly CalendarBar[];
  nowMs: number;
  ticks: readonly string[];
}) {
  return (
    <figure className={`calendar ${kind}`} aria-label={label}>
      <ul>
        {rows.map((row) => {
          const isNow = nowMs >= row.startMs && nowMs < row.endMs;
          return (
            <li key={row.startMs} className={isNow ? "calendar-row now" : "calendar-row"}>
              <span className="calendar-label">{row.label}</span>
              <span className="calendar-bars" role="img" aria-label={row.text}>
                {placeBars(bars, row.startMs, row.endMs).map(({ bar, left, width }) => (
                  <span
                    key={bar.fromMs}
                    className={`calendar-bar colour-${bar.colour}`}
                    style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
                    title={bar.title}
                  >
                    {width > 0.08 ? bar.text : ""}
                  </span>
                ))}
                {isNow ? (
                  <span
                    className="calendar-now"
                    style={{ left: `${((nowMs - row.startMs) / (row.endMs - row.startMs)) * 100}%` }}
                    title="now"
                  />
                ) : null}
              </span>
              {row.isTextShown ? (
                <span className="calendar-text quiet" aria-hidden>
                  {row.text}
                </span>
              ) : null}
            </li>
          );
        })}
      </ul>
      <div className="calendar-ticks" aria-hidden>
        {ticks.map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </div>
    </figure>
  );
}
