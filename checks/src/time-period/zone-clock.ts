/** How far a zone's clocks are ahead of UTC, and until when. */
export interface ZoneOffset {
  readonly offsetMs: number;
  /** When they are next put forward or back; infinite when never. */
  readonly untilMs: number;
}

/** Answers a zone's offset at an instant; keeps the stretch it answered last, for the next question is nearly always about it. */
export function createZoneClock(timeZone: string): (atMs: number) => ZoneOffset {
  if (timeZone === "UTC") return () => ({ offsetMs: 0, untilMs: Number.POSITIVE_INFINITY });
  let fromMs = Number.POSITIVE_INFINITY;
  let known: ZoneOffset = { offsetMs: 0, untilMs: Number.NEGATIVE_INFINITY };
  return (atMs) => {
    if (atMs < fromMs || atMs >= known.untilMs) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
      const next = zoned.getTimeZoneTransition("next");
      fromMs = atMs;
      known = {
        offsetMs: zoned.offsetNanoseconds / 1e6,
        untilMs: next === null ? Number.POSITIVE_INFINITY : next.epochMilliseconds,
      };
    }
    return known;
  };
}
