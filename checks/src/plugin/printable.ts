/**
 * Makes text from outside fit for one line of plugin output: control characters become spaces, `|` (which would start
 * perfdata) becomes `/`, and what is longer than `maxLength` characters is cut.
 */
export function printable(text: string, maxLength = 200): string {
  const line = text
    .slice(0, maxLength * 4)
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ")
    .replaceAll("|", "/")
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 3)}...` : line;
}
