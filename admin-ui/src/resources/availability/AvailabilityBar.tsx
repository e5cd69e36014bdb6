import type { ObjectAvailability } from "@mycloud/protocol/availability";
import { type KeyboardEvent, useState } from "react";
import { stretchClass, stretchInWords } from "./stretch-look.ts";

/**
 * The states of one object over the range as a bar. With the keyboard, left and right go from stretch to stretch, and each is said; what is not known is hatched
 * and never green.
 */
export function AvailabilityBar({ object }: { object: ObjectAvailability }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const { stretches } = object;
  const first = stretches[0];
  const last = stretches.at(-1);
  if (first === undefined || last === undefined) return null;
  const total = last.untilMs - first.fromMs;
  const move = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    setChosen((at) => Math.min(Math.max((at ?? (by > 0 ? -1 : stretches.length)) + by, 0), stretches.length - 1));
  };
  const shown = chosen === null ? undefined : stretches[chosen];
  const name = object.serviceName === null ? object.hostName : `${object.serviceName} on ${object.hostName}`;
  return (
    <div>
      <div
        className="strip availability-bar"
        role="slider"
        tabIndex={0}
        aria-label={`States of ${name}`}
        aria-valuemin={0}
        aria-valuemax={stretches.length - 1}
        aria-valuenow={chosen ?? 0}
        aria-valuetext={shown ? stretchInWords(shown) : `${stretches.length} stretches; arrow keys go through them`}
        onKeyDown={move}
        onBlur={() => setChosen(null)}
      >
        {stretches.map((stretch, at) => (
          <span
            key={stretch.fromMs}
            className={`${stretchClass(stretch)}${at === chosen ? " chosen" : ""}`}
            style={{ flexGrow: (stretch.untilMs - stretch.fromMs) / total, flexBasis: 0 }}
            title={stretchInWords(stretch)}
          />
        ))}
      </div>
      {shown ? <span className="quiet">{stretchInWords(shown)}</span> : null}
    </div>
  );
}
