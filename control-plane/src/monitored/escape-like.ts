/** Text as LIKE ... ESCAPE '!' takes it literally. */
export function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, "!$&");
}
