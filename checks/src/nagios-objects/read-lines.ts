import { limits } from "./limits.ts";
import type { FaultSink } from "./place.ts";

/** A line with its continuations joined, comments and surrounding blanks taken off; never empty. */
export interface LogicalLine {
  readonly text: string;
  /** Of its first physical line. */
  readonly line: number;
}

/**
 * The lines of a file that say something. A backslash at the end joins the next line; `#` at the start of a line and `;` anywhere begin a
 * comment, `\;` is a semicolon (checked with nagios4; resource files and nagios.cfg know `#` only). Pure.
 */
export function* readLines(
  file: string,
  text: string,
  { hasSemicolonComments }: { readonly hasSemicolonComments: boolean },
  faults: FaultSink,
): Generator<LogicalLine> {
  let pending = "";
  let startedAt = 0;
  let at = 0;
  let line = 0;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    const physical = text.slice(at, end < 0 ? text.length : end).replace(/\r$/, "");
    at = end < 0 ? text.length : end + 1;
    line++;
    if (pending === "") startedAt = line;
    const slashes = hasSemicolonComments ? trailingBackslashes(physical) : 0;
    const joined = pending + (pending === "" ? physical : physical.trimStart());
    if (joined.length > limits.lineLength) {
      faults.error({ file, line: startedAt }, `line is longer than ${limits.lineLength} characters; it is left out`);
      pending = "";
      continue;
    }
    if (slashes % 2 === 1 && at < text.length) {
      pending = joined.slice(0, -1);
      continue;
    }
    pending = "";
    const said = (hasSemicolonComments ? withoutComment(joined) : joined).trim();
    if (said !== "" && !said.startsWith("#")) yield { text: said, line: startedAt };
  }
}

function trailingBackslashes(text: string): number {
  let count = 0;
  while (count < text.length && text[text.length - 1 - count] === "\\") count++;
  return count;
}

function withoutComment(text: string): string {
  const found = /^;|[^\\];/.exec(text);
  const kept = found === null ? text : text.slice(0, found.index + found[0].length - 1);
  return kept.replaceAll("\\;", ";");
}
