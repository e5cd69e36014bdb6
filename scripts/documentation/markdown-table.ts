/** A table in Markdown, ending in a line feed. `|` in cells is escaped. Pure. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return [headings, headings.map(() => "---"), ...rows].map(line).join("");
}
