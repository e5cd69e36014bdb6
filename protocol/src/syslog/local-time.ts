const hourMs = 3_600_000;
const keptHours = 4_096;

/**
 * What a clock on the wall shows in a zone, as if it was UTC, to milliseconds since 1970. Times that come twice, when clocks are set back, are the earlier;
 * those that do not come are as far after the gap. Throws RangeError for a zone nobody knows.
 */
export function createLocalClock(timeZone: string): (localMs: number) => number {
  if (timeZone === "UTC") return (localMs) => localMs;
  // Asked once a quarter of an hour, which is as fine as zones change; thousands of messages come in between.
  const offsets = new Map<number, number>();
  offsetAt(0, timeZone);
  return (localMs) => {
    const quarter = Math.floor(localMs / (hourMs / 4));
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      offset = offsetAt(quarter * (hourMs / 4), timeZone);
      if (offsets.size >= keptHours) offsets.clear();
      offsets.set(quarter, offset);
    }
    return localMs - offset;
  };
}

function offsetAt(localMs: number, timeZone: string): number {
  const shown = Temporal.Instant.fromEpochMilliseconds(localMs).toZonedDateTimeISO("UTC").toPlainDateTime();
  return localMs - shown.toZonedDateTime(timeZone, { disambiguation: "compatible" }).epochMilliseconds;
}
