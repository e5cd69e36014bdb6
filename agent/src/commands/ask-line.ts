import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { CommandError, resolveFrom, type Terminal } from "../command-line/index.ts";

/** A line typed on a terminal, or the first one of a file. Throws CommandError with `usage` when there is neither, or it is empty. */
export async function askLine(
  terminal: Terminal,
  file: string | undefined,
  prompt: string,
  usage: string,
): Promise<string> {
  const line = file === undefined ? await typed(terminal, prompt, usage) : await firstLine(terminal, file);
  if (line === "") throw new CommandError(file === undefined ? "usage" : "input", usage);
  return line;
}

async function firstLine(terminal: Terminal, file: string): Promise<string> {
  const [line = ""] = (await readFile(resolveFrom(terminal.workingDirectory, file), "utf8")).split(/\r?\n/);
  return line.trim();
}

async function typed(terminal: Terminal, prompt: string, usage: string): Promise<string> {
  if (terminal.stdin.isTTY !== true) throw new CommandError("usage", usage);
  const lines = createInterface({ input: terminal.stdin, output: terminal.stderr });
  try {
    return (await lines.question(prompt, { signal: terminal.signal })).trim();
  } finally {
    lines.close();
  }
}
