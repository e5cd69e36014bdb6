/** A text as a literal of ClickHouse's SQL; old servers take no parameters. Pure. */
export function literal(text: string): string {
  // What is no character on its own (half a surrogate pair) is what it would be in UTF-8.
  return `'${text.toWellFormed().replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\0", "\\0")}'`;
}

/** A text for `like`, in which nothing stands for something else. Pure. */
export function likeLiteral(parts: readonly string[]): string {
  return literal(parts.map((part) => part.replace(/[\\%_]/g, "\\$&")).join("%"));
}
