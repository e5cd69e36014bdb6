import { newParsedLine, type ParsedLine, setField } from "./parsed-line.ts";

const pair = /([^\s="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?(?:\s+|$)/suy;

/** Parses `level=info msg="two words" took=3ms done`: a name alone is true. A line without any `=` is none of the format. Pure. */
export function parseLogfmt(line: string): ParsedLine {
  const parsed = newParsedLine(null);
  let hasValue = false;
  pair.lastIndex = line.length - line.trimStart().length;
  while (pair.lastIndex < line.length) {
    const match = pair.exec(line);
    if (match === null) return newParsedLine(line, "is no logfmt");
    const [, name = "", quoted, plain] = match;
    if (quoted === undefined && plain === undefined) setField(parsed.fields, name, true);
    else {
      hasValue = true;
      setField(parsed.fields, name, quoted === undefined ? typed(plain ?? "") : unquote(quoted));
    }
  }
  return hasValue ? parsed : newParsedLine(line, "is no logfmt");
}

/** Numbers that are written as numbers are; longer ones are names made of digits. */
function typed(text: string): string | number | boolean {
  if (text === "true") return true;
  if (text === "false") return false;
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(text) ? Number(text) : text;
}

function unquote(text: string): string {
  return text.replace(/\\(.)/gsu, (_, character: string) => escapes[character] ?? character);
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
