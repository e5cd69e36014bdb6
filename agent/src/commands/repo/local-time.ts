/**
 * Reads a time as people and restic write it: `2026-11-22`, `2026-11-22 20:15[:30]` (this machine's time), or ISO 8601 with a zone. Milliseconds
 * since 1970, undefined when it is none of these.
 */
export function parseLocalTimeMs(text: string): number | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text.trim(),
  );
  if (parts === null) return undefined;
  const [, day, time = "00:00", zone = ""] = parts;
  const atMs = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(atMs) ? undefined : atMs;
}
