/** A length of time to look back over. */
export interface Range {
  readonly text: string;
  readonly lengthMs: number;
}

/**
 * The usual range, or a shorter one while the object is too young to fill half of it: a new host's first hour is worth seeing, not a mostly
 * empty day. Ranges in rising order.
 */
export function fittingRange<Each extends Range>(ranges: readonly Each[], usual: Each, knownForMs: number): Each {
  if (knownForMs * 2 >= usual.lengthMs) return usual;
  return ranges.find((range) => range.lengthMs >= knownForMs) ?? usual;
}
