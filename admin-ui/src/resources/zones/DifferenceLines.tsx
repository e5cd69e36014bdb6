import type { RrsetDifference } from "@mycloud/protocol/dns-zone";
import { linesOf } from "./difference-text.ts";
import "../../theme/smart-view.css";

/** What becomes of RRsets, as diff writes it. */
export function DifferenceLines({
  differences,
  count,
}: {
  readonly differences: readonly RrsetDifference[];
  /** How many there are, when not all of them are here. */
  readonly count: number;
}) {
  if (count === 0) return <p className="quiet">Nothing is different.</p>;
  return (
    <>
      <figure className="diff" aria-label="Records removed and added">
        {differences.map((difference) => (
          <div key={`${difference.name} ${difference.type}`}>
            {linesOf(difference).map(({ mark, text }) => (
              <div key={mark + text} className={classes[mark]}>
                {mark} {text}
              </div>
            ))}
          </div>
        ))}
      </figure>
      {count > differences.length ? (
        <p className="quiet">and {(count - differences.length).toLocaleString("en")} more RRsets</p>
      ) : null}
    </>
  );
}

const classes = { "+": "diff-line added", "-": "diff-line removed", " ": "diff-line" } as const;
