/** A command as words, or why only a shell can read it. */
export type ShellWords =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "shell"; readonly because: string };

const special: Readonly<Record<string, string>> = {
  "|": "a pipe",
  "&": "a background or && command",
  ";": "several commands",
  "<": "a redirection",
  ">": "a redirection",
  "(": "a subshell",
  ")": "a subshell",
  "`": "backquotes",
  $: "a shell variable",
  "*": "a file name pattern",
  "?": "a file name pattern",
  "[": "a file name pattern",
  "\n": "several lines",
  "'": "a quote that does not end",
  '"': "a quote that does not end",
  "\\": "a backslash at the end",
};

/** A piece of a word: quoted either way, escaped, or plain. Double quotes with `$` or backquotes inside are not one. */
const piece = /'([^']*)'|"((?:[^"\\$`]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\|&;<>()`$*?[]+)/y;
const maximumWords = 1000;

/**
 * Splits a command line as a POSIX shell would: blanks, 'single' and "double" quotes and backslashes. What needs more of a shell than that is not
 * carried out here but named. Pure.
 */
export function splitShellWords(line: string): ShellWords {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const blanks = /[ \t]*/y;
    blanks.lastIndex = at;
    at += blanks.exec(line)?.[0].length ?? 0;
    if (at >= line.length) break;
    const opening = line[at];
    if (opening === "#") return { kind: "shell", because: "a comment" };
    if (opening === "~") return { kind: "shell", because: "a home directory" };
    const read = readWord(line, at);
    if (typeof read === "string") return { kind: "shell", because: read };
    if (words.length >= maximumWords) return { kind: "shell", because: `more than ${maximumWords} words` };
    words.push(read.word);
    at = read.end;
  }
  if (/^[ \t]*[A-Za-z_][A-Za-z0-9_]*=/.test(line)) {
    return { kind: "shell", because: "an environment variable before the program" };
  }
  return { kind: "words", words };
}

/** The word at this place, or why it is none. */
function readWord(line: string, start: number): { readonly word: string; readonly end: number } | string {
  let word = "";
  let at = start;
  while (at < line.length && line[at] !== " " && line[at] !== "\t") {
    piece.lastIndex = at;
    const found = piece.exec(line);
    if (found === null) return whyNot(line, at);
    const [whole, single, double, escaped, plain] = found;
    word += single ?? double?.replace(/\\([$`"\\])/g, "$1") ?? escaped ?? plain ?? "";
    at += whole.length;
  }
  return { word, end: at };
}

function whyNot(line: string, at: number): string {
  const character = line[at] ?? "";
  if (character !== '"') return special[character] ?? "a character of its own meaning";
  const inside = /^"(?:[^"\\$`]|\\[\s\S])*([$`])/.exec(line.slice(at))?.[1];
  return special[inside ?? character] ?? "a shell variable";
}
