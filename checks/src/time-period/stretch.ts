/** Time from `startMs` up to, not including, `endMs`. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** The same time as stretches in order that neither overlap nor touch. Pure. */
export function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = joined.at(-1);
    if (last === undefined || stretch.startMs > last.endMs) joined.push(stretch);
    else if (stretch.endMs > last.endMs) joined[joined.length - 1] = { startMs: last.startMs, endMs: stretch.endMs };
  }
  return joined;
}

/** What is left of `stretches` without `taken`. Pure. */
export function withoutStretches(stretches: readonly Stretch[], taken: readonly Stretch[]): Stretch[] {
  let left = [...stretches];
  for (const { startMs, endMs } of taken) {
    left = left.flatMap((stretch) => {
      if (endMs <= stretch.startMs || startMs >= stretch.endMs) return [stretch];
      const before = { startMs: stretch.startMs, endMs: startMs };
      const after = { startMs: endMs, endMs: stretch.endMs };
      return [before, after].filter((part) => part.startMs < part.endMs);
    });
  }
  return left;
}
