/** A definition to be written: directives in their order; those without a value are left out. */
export interface Definition {
  readonly type: string;
  readonly directives: readonly (readonly [name: string, value: string | number | null])[];
}

/**
 * Definitions as an object file that nagios reads back the same: `;` is escaped, line breaks become blanks, since no directive may have any. Pure.
 */
export function formatObjects(definitions: readonly Definition[]): string {
  return definitions.map(formatObject).join("\n");
}

function formatObject({ type, directives }: Definition): string {
  const said = directives.filter(
    (entry): entry is readonly [string, string | number] => entry[1] !== null && entry[1] !== "",
  );
  const width = Math.max(0, ...said.map(([name]) => name.length)) + 2;
  const lines = said.map(([name, value]) => `  ${name.padEnd(width)}${escapeValue(String(value))}\n`);
  return `define ${type} {\n${lines.join("")}}\n`;
}

function escapeValue(value: string): string {
  const line = value
    .replaceAll(/[\r\n\u0000]+/g, " ")
    .trim()
    .replaceAll(/(?<!\\);/g, "\\;");
  // A backslash at the end would join the next line.
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(line) ? `${line} ` : line;
}
