const units = [
  { letter: "d", ms: 86_400_000 },
  { letter: "h", ms: 3_600_000 },
  { letter: "m", ms: 60_000 },
  { letter: "s", ms: 1000 },
] as const;

/** A duration in its two largest units: `3d 4h`, `5m 10s`, `0s`. Negative counts as zero. */
export function formatDuration(durationMs: number): string {
  let rest = Math.max(0, Math.floor(durationMs / 1000) * 1000);
  const parts: string[] = [];
  for (const { letter, ms } of units) {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count > 0) parts.push(`${count}${letter}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0s" : parts.join(" ");
}

/** How long ago an instant was; `never` for null, `in 5m` for the future. */
export function formatAge(atMs: number | null, nowMs: number): string {
  if (atMs === null) return "never";
  return atMs > nowMs + 1000 ? `in ${formatDuration(atMs - nowMs)}` : formatDuration(nowMs - atMs);
}

/** An instant in UTC to the second: `2026-11-22 20:15:00Z`; `-` for null. */
export function formatInstant(atMs: number | null): string {
  return atMs === null ? "-" : `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** Reads `90s`, `15m`, `2h`, `1d`, `1h30m` as milliseconds; undefined when it is none of these. */
export function parseDurationMs(text: string): number | undefined {
  if (!/^(\d+[dhms])+$/.test(text)) return undefined;
  let total = 0;
  for (const [, count, letter] of text.matchAll(/(\d+)([dhms])/g)) {
    total += Number(count) * (units.find((unit) => unit.letter === letter)?.ms ?? 0);
  }
  return total;
}

/**
 * Reads an instant: `now`, `+2h` (from now), an ISO 8601 date-time (local time unless it names a zone: `2026-11-22T20:15`, `...Z`).
 * Undefined when it is none of these.
 */
export function parseInstantMs(text: string, nowMs: number): number | undefined {
  if (text === "now") return nowMs;
  if (text.startsWith("+")) {
    const duration = parseDurationMs(text.slice(1));
    return duration === undefined ? undefined : nowMs + duration;
  }
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return undefined;
  const atMs = Date.parse(text.replace(" ", "T"));
  return Number.isNaN(atMs) ? undefined : atMs;
}
