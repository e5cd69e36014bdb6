import { paintFor } from "./style.ts";
import { type Column, formatTable } from "./table.ts";
import { type Terminal, write } from "./terminal.ts";

/** Prints a value as indented JSON on stdout. */
export function printJson(terminal: Terminal, value: unknown): Promise<void> {
  return write(terminal.stdout, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Prints a table on stdout, cut to the terminal's width when it is one; `whenEmpty` goes to stderr instead of an empty table. */
export async function printTable<Row>(
  terminal: Terminal,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  whenEmpty: string,
): Promise<void> {
  if (rows.length === 0) return remark(terminal, whenEmpty);
  // A terminal that does not know its width says 0.
  const width = terminal.stdout.isTTY === true ? terminal.stdout.columns || undefined : undefined;
  await write(terminal.stdout, formatTable(columns, rows, paintFor(terminal), width));
}

/** Prints `name: value` lines on stdout, values aligned; null values are left out. */
export async function printFields(
  terminal: Terminal,
  fields: readonly (readonly [string, string | null])[],
): Promise<void> {
  const paint = paintFor(terminal);
  const shown = fields.filter((field): field is readonly [string, string] => field[1] !== null && field[1] !== "");
  const width = Math.max(0, ...shown.map(([name]) => name.length)) + 2;
  const lines = shown.map(([name, value]) => `${paint("dim", `${name}:`.padEnd(width))}${value}\n`);
  await write(terminal.stdout, lines.join(""));
}

/** Says something to the person, on stderr. */
export function remark(terminal: Pick<Terminal, "stderr">, text: string): Promise<void> {
  return write(terminal.stderr, `${text}\n`);
}
