import { stripVTControlCharacters } from "node:util";
import type { Paint } from "./style.ts";

/** One column of a table: its heading, and the cell of a row. */
export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string;
  readonly align?: "left" | "right";
}

/**
 * Rows as aligned columns, two spaces apart. Control characters in cells become spaces, so that a plugin's output can neither
 * break the table nor steer the terminal. On a terminal (`width` given) the last column is cut to fit. Pure.
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paint: Paint,
  width?: number,
): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map((column, at) =>
    Math.max(visibleLength(column.heading), ...cells.map((line) => visibleLength(line[at] ?? ""))),
  );
  const line = (texts: readonly string[]) => {
    const joined = texts
      .map((text, at) => pad(text, widths[at] ?? 0, columns[at]?.align ?? "left", at === columns.length - 1))
      .join("  ");
    return width === undefined ? joined : cutVisible(joined, width);
  };
  const heading = line(columns.map((column) => column.heading));
  return `${[paint("bold", heading), ...cells.map(line)].join("\n")}\n`;
}

/** Replaces control characters of text that others wrote (outputs, comments) by spaces. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}

function visibleLength(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

function pad(text: string, width: number, align: "left" | "right", isLast: boolean): string {
  const missing = " ".repeat(Math.max(0, width - visibleLength(text)));
  if (align === "right") return missing + text;
  return isLast ? text : text + missing;
}

function cutVisible(text: string, width: number): string {
  if (visibleLength(text) <= width) return text;
  let seen = 0;
  let result = "";
  for (const part of text.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith("\u001b[")) result += part;
    else {
      const characters = [...part];
      const room = Math.max(0, width - 1 - seen);
      result += characters.slice(0, room).join("");
      if (seen < width && seen + characters.length >= width) result += "…";
      seen += characters.length;
    }
  }
  return result;
}
