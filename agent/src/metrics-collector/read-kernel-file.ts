import { readdirSync, readFileSync } from "node:fs";

// Synchronous: the kernel makes these files up in microseconds, and a promise costs more than the read.

/** The text of a file. Throws what the file system says. */
export function readText(path: string): string {
  return readFileSync(path, "utf8");
}

/** The text of a file without blanks around it; undefined where it is not there or cannot be read. */
export function readWord(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** The same with its blanks, as some labels have them, but without the newline at its end. */
export function readLine(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/\n$/, "");
  } catch {
    return undefined;
  }
}

/** The number in a file, decimal or `0x...`; undefined where there is none. */
export function readNumber(path: string): number | undefined {
  return numberOf(readWord(path));
}

/** The number a word says. Pure. */
export function numberOf(word: string | undefined): number | undefined {
  if (word === undefined || word === "") return undefined;
  const value = Number(word);
  return Number.isNaN(value) ? undefined : value;
}

/** The names in a folder, in order; undefined where there is no such folder. */
export function listNames(path: string): string[] | undefined {
  try {
    return readdirSync(path).sort(byNumber);
  } catch {
    return undefined;
  }
}

/** `cpu2` before `cpu10`. */
function byNumber(left: string, right: string): number {
  return left.length - right.length || (left < right ? -1 : 1);
}

/** The lines of a text that hold something, each cut at blanks. Pure. */
export function* rowsOf(text: string): Generator<string[]> {
  for (const line of text.split("\n")) {
    const row = line.trim();
    if (row !== "") yield row.split(/\s+/);
  }
}
