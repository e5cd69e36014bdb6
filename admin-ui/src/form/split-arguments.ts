/** Arguments read from one line, or why the line cannot be read. */
export type SplitArguments =
  | { readonly ok: true; readonly arguments: string[] }
  | { readonly ok: false; readonly message: string };

const piece = /(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/suy;

/**
 * Splits a line into a plugin's arguments as a shell would split words: single quotes take everything literally, double quotes and bare words
 * take a backslash before any character. Nothing is expanded: no shell will ever see the line.
 */
export function splitArguments(line: string): SplitArguments {
  const words: string[] = [];
  let word: string | null = null;
  piece.lastIndex = 0;
  while (piece.lastIndex < line.length) {
    const at = piece.lastIndex;
    const match = piece.exec(line);
    if (!match) return { ok: false, message: unfinished(line[at] ?? "") };
    const [, space, single, double, escaped, bare] = match;
    if (space === undefined) {
      word = (word ?? "") + (single ?? double?.replace(/\\(.)/gsu, "$1") ?? escaped ?? bare ?? "");
    } else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  if (word !== null) words.push(word);
  return { ok: true, arguments: words };
}

function unfinished(character: string): string {
  return character === "\\" ? "the line ends with a backslash; double it" : `a ${character} is opened and never closed`;
}

/** Joins arguments into a line that `splitArguments` reads back. */
export function joinArguments(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./~$!*?<>|&;()[\]{}#^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}
