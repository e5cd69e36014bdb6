/** When a Go program's `time.Time` is not set. */
export const zeroInstant = "0001-01-01T00:00:00Z";

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

/** Reads an RFC 3339 instant as ms UTC: null when it is absent or Go's zero, undefined when it is none. Pure. */
export function readInstant(text: string | null | undefined): number | null | undefined {
  if (text === null || text === undefined || text === "") return null;
  if (!rfc3339.test(text)) return undefined;
  const atMs = Date.parse(text.toUpperCase());
  if (Number.isNaN(atMs)) return undefined;
  // Before 1970 nothing was monitored; year 1 is Go's "not set".
  return atMs <= 0 ? null : atMs;
}
