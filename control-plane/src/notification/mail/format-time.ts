const units: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
];

/** A length of time for people, in its two largest units: `3 d 4 h`, `12 min 5 s`, `40 s`. Takes milliseconds. Pure. */
export function formatDuration(durationMs: number): string {
  let rest = Math.max(0, Math.round(durationMs / 1000));
  const parts: string[] = [];
  for (const [unit, seconds] of units) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    // The second unit is the one right below the first: `3 d` and not `3 d 12 s`.
    if (parts.length === 1) return count > 0 ? `${parts[0]} ${count} ${unit}` : `${parts[0]}`;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts[0] ?? "0 s";
}

/** An instant (ms UTC) for people in any time zone: `2026-01-02 03:04:05 UTC`. Pure. */
export function formatInstant(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
