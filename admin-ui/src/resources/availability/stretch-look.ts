import type { AvailabilityStretch } from "@mycloud/protocol/availability";
import { stateLook } from "../../state/state-look.ts";
import { formatAbsolute, formatDuration } from "../../time/duration.ts";

/** A stretch of time as a sentence: its state, how long, since when, in downtime or not. */
export function stretchInWords({ state, fromMs, untilMs, isInDowntime, isCounted }: AvailabilityStretch): string {
  const what = state === null ? "not there yet" : state === "OUTAGE" ? "nobody was watching" : state;
  const marks = `${isInDowntime ? ", in downtime" : ""}${isCounted ? "" : ", outside the period"}`;
  return `${what} for ${formatDuration((untilMs - fromMs) / 1000)} from ${formatAbsolute(fromMs)}${marks}`;
}

/** The classes of a stretch's segment: what is not known is hatched and never green. */
export function stretchClass({ state, isInDowntime, isCounted }: AvailabilityStretch): string {
  const fill = state === null ? "nothing" : stateLook(state).tone;
  return `segment fill-${fill}${isCounted ? "" : " uncounted"}${isInDowntime ? " in-downtime" : ""}`;
}
