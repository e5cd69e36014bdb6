/** How long one server has been behind, and the serial that it has to reach before it counts as caught up. */
export interface Lag {
  readonly sinceMs: number;
  readonly awaitedSerial: number;
}

/** The highest of serials by RFC 1982, in which 0 comes after 4294967295; undefined for none. Pure. */
export function highestSerial(serials: readonly number[]): number | undefined {
  return serials.reduce<number | undefined>(
    (highest, serial) => (highest === undefined || isOlder(highest, serial) ? serial : highest),
    undefined,
  );
}

/** Whether a serial comes before another (RFC 1982 §3.2). Pure. */
export function isOlder(serial: number, other: number): boolean {
  return ((other - serial) | 0) > 0;
}

/** Since when a server is behind; undefined: it is not. One that follows a zone in steps starts anew with each step. Pure. */
export function updateLag(before: Lag | undefined, serial: number, highest: number, nowMs: number): Lag | undefined {
  if (!isOlder(serial, highest)) return undefined;
  return before !== undefined && isOlder(serial, before.awaitedSerial)
    ? before
    : { sinceMs: nowMs, awaitedSerial: highest };
}
