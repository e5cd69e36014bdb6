import type { AvailabilityFigures, AvailabilityStretch } from "@mycloud/protocol/availability";
import { addUp } from "./add-up.ts";
import { buildHistory, type ObjectPast } from "./build-history.ts";
import { joinSpans, overlaySpans, type TimeSpan } from "./overlay-spans.ts";

/** What is laid over the states of an object. */
export interface Circumstances {
  readonly downtimes: readonly TimeSpan[];
  /** Times in which no control plane watched. */
  readonly outages: readonly TimeSpan[];
  /** Times that count; null = all. */
  readonly period: readonly TimeSpan[] | null;
  readonly isSoftCounted: boolean;
}

/** The stretches of an object's range, which cover it exactly, and what they add up to. Pure. */
export function measureObject(
  past: ObjectPast,
  { downtimes, outages, period, isSoftCounted }: Circumstances,
  fromMs: number,
  untilMs: number,
): { readonly figures: AvailabilityFigures; readonly stretches: AvailabilityStretch[] } {
  const history = buildHistory(past, fromMs, untilMs, isSoftCounted).map(
    (stretch): AvailabilityStretch => ({ ...stretch, isInDowntime: false, isCounted: period === null }),
  );
  // Whatever was in force when the watching ended, nobody knows how long it lasted.
  const watched = overlaySpans(
    history,
    joinSpans(outages),
    (stretch): AvailabilityStretch => (stretch.state === null ? stretch : { ...stretch, state: "OUTAGE" }),
  );
  const covered = overlaySpans(watched, joinSpans(downtimes), (stretch) => ({ ...stretch, isInDowntime: true }));
  const stretches =
    period === null
      ? covered
      : overlaySpans(covered, joinSpans(period), (stretch) => ({ ...stretch, isCounted: true }));
  return { figures: addUp(stretches), stretches };
}
