/** A stretch of time with something to say. */
export interface Bar {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A part of a bar within a row, as shares of the row's length. */
export interface PlacedBar<Of extends Bar> {
  readonly bar: Of;
  readonly left: number;
  readonly width: number;
}

/** The parts of bars that fall into a row of a calendar, in order. Pure. */
export function placeBars<Of extends Bar>(bars: readonly Of[], startMs: number, endMs: number): PlacedBar<Of>[] {
  const length = endMs - startMs;
  return bars
    .filter(({ fromMs, untilMs }) => fromMs < endMs && untilMs > startMs)
    .map((bar) => {
      const from = Math.max(bar.fromMs, startMs);
      return { bar, left: (from - startMs) / length, width: (Math.min(bar.untilMs, endMs) - from) / length };
    });
}

/** Which of the calendar's colours a name has: the same one wherever it stands among `names`. Pure. */
export function colourOf(name: string, names: readonly string[]): number {
  const known = [...new Set(names)];
  return Math.max(0, known.indexOf(name)) % colourCount;
}

export const colourCount = 6;
