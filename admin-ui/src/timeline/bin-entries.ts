/** A part of the range shown and how much happened in it. */
export interface TimelineBin {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly count: number;
}

/** Counts instants in equal parts of a range, which they cover exactly. */
export function binEntries(instants: readonly number[], fromMs: number, untilMs: number, parts: number): TimelineBin[] {
  const counts = new Array<number>(parts).fill(0);
  const length = untilMs - fromMs;
  for (const atMs of instants) {
    if (atMs < fromMs || atMs >= untilMs) continue;
    const part = Math.min(Math.floor(((atMs - fromMs) / length) * parts), parts - 1);
    counts[part] = (counts[part] ?? 0) + 1;
  }
  const edge = (part: number) => Math.round(fromMs + (length * part) / parts);
  return counts.map((count, part) => ({ fromMs: edge(part), untilMs: edge(part + 1), count }));
}
