const units = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/**
 * Writes a length of time in at most two units, the way people say it: `45s`, `3m`, `2h 5m`, `4d 3h`. Below one second it gives
 * milliseconds. Seconds in; negative lengths count as zero.
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds <= 0) return "0s";
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))}ms`;
  let rest = Math.floor(seconds);
  const parts: string[] = [];
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${name}`);
    // Two adjacent units at most: "4d 12s" would pretend to a precision nobody reads.
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

/** Says how far an instant lies from now: `just now`, `3m ago`, `in 2h 5m`. Both in ms UTC. */
export function formatRelative(atMs: number, nowMs: number): string {
  const seconds = (nowMs - atMs) / 1000;
  if (Math.abs(seconds) < 1.5) return "just now";
  return seconds > 0 ? `${formatDuration(seconds)} ago` : `in ${formatDuration(-seconds)}`;
}

const pad = (value: number) => String(value).padStart(2, "0");

/** Writes an instant in the reader's own zone, sortable and with the offset: `2026-11-22 20:11:53 +01:00`. */
export function formatAbsolute(atMs: number): string {
  const date = new Date(atMs);
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${formatClock(atMs)} ${zone}`;
}

/** Writes the time of day of an instant in the reader's zone: `20:11:53`. */
export function formatClock(atMs: number): string {
  const date = new Date(atMs);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** Turns an instant into what `<input type="datetime-local">` holds, in the reader's zone, to the minute. */
export function toLocalInput(atMs: number): string {
  const date = new Date(atMs);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** Reads `<input type="datetime-local">` back to ms UTC; null when it is empty or not a date. */
export function fromLocalInput(text: string): number | null {
  const atMs = new Date(text).getTime();
  return Number.isNaN(atMs) ? null : atMs;
}
