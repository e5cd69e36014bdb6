/** From when until when, ms UTC; the end no longer belongs to it. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Spans in order, those that touch or overlap joined, empty ones left out. Pure. */
export function joinSpans(spans: readonly TimeSpan[]): TimeSpan[] {
  const joined: { fromMs: number; untilMs: number }[] = [];
  for (const { fromMs, untilMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (untilMs <= fromMs) continue;
    const last = joined.at(-1);
    if (last !== undefined && fromMs <= last.untilMs) last.untilMs = Math.max(last.untilMs, untilMs);
    else joined.push({ fromMs, untilMs });
  }
  return joined;
}

/**
 * Cuts stretches where spans begin and end, and changes what lies inside. Both in order and without overlaps, as `joinSpans` answers; linear. The cut
 * stretches cover what the stretches covered. Pure.
 */
export function overlaySpans<Stretch extends TimeSpan>(
  stretches: readonly Stretch[],
  spans: readonly TimeSpan[],
  change: (stretch: Stretch) => Stretch,
): Stretch[] {
  const cut: Stretch[] = [];
  let first = 0;
  for (const stretch of stretches) {
    let sinceMs = stretch.fromMs;
    while ((spans[first]?.untilMs ?? Number.POSITIVE_INFINITY) <= stretch.fromMs) first++;
    for (let at = first; sinceMs < stretch.untilMs; at++) {
      const span = spans[at];
      if (span === undefined || span.fromMs >= stretch.untilMs) break;
      const fromMs = Math.max(span.fromMs, sinceMs);
      const untilMs = Math.min(span.untilMs, stretch.untilMs);
      if (fromMs > sinceMs) cut.push({ ...stretch, fromMs: sinceMs, untilMs: fromMs });
      cut.push(change({ ...stretch, fromMs, untilMs }));
      sinceMs = untilMs;
    }
    if (sinceMs < stretch.untilMs) cut.push({ ...stretch, fromMs: sinceMs });
  }
  return cut;
}
