import { createInterface } from "node:readline/promises";
import type { Terminal } from "../command-line/index.ts";

/** Asks on a terminal; without one the answer is yes: a script never waits for a person. Everything but `y` or `yes` is no. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  if (terminal.stdin.isTTY !== true) return true;
  const lines = createInterface({ input: terminal.stdin, output: terminal.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: terminal.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
