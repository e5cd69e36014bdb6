import { parseSnapshotWord } from "./snapshot-word.ts";

/** `SNAPSHOT[:PATH]`, taken apart; null stands for what was not written. */
export interface SnapshotPath {
  readonly snapshot: string | null;
  readonly path: string | null;
}

/**
 * Takes `SNAPSHOT[:PATH]` apart. Times have colons too: the longest beginning that is a word for a snapshot counts. What begins with `/`, `.`
 * or `:` is a path. Pure.
 */
export function parseSnapshotPath(text: string, nowMs: number): SnapshotPath {
  if (isPathLike(text)) return { snapshot: null, path: text };
  if (text.startsWith(":")) return { snapshot: null, path: text.slice(1) || null };
  if (parseSnapshotWord(text, nowMs) !== undefined) return { snapshot: text, path: null };
  for (let at = text.lastIndexOf(":"); at > 0; at = text.lastIndexOf(":", at - 1)) {
    const word = text.slice(0, at);
    if (parseSnapshotWord(word, nowMs) !== undefined) return { snapshot: word, path: text.slice(at + 1) || null };
  }
  // Neither: told as a wrong snapshot, unless somebody meant a path of the latest.
  return { snapshot: text, path: null };
}

/** Whether a word can only be a path. Pure. */
export function isPathLike(text: string): boolean {
  return text.startsWith("/") || text === "." || text === ".." || text.startsWith("./") || text.startsWith("../");
}
