import { newParsedLine, type ParsedLine, setField } from "./parsed-line.ts";

/** Parses `level=info msg="two words" took=3ms done`: a name alone is true. A line without any `=` is none of the format. Pure. */
export function parseLogfmt(line: string): ParsedLine {
  const parsed = newParsedLine(null);
  const { fields } = parsed;
  let hasValue = false;
  let at = spacesEnd(line, 0);
  while (at < line.length) {
    const start = at;
    at = plainEnd(line, at, true);
    if (at === start) return newParsedLine(line, "is no logfmt");
    const name = line.slice(start, at);
    if (line.charCodeAt(at) !== EQUALS) setField(fields, name, true);
    else {
      hasValue = true;
      const from = at + 1;
      if (line.charCodeAt(from) === QUOTE) {
        at = quotedEnd(line, from + 1);
        if (at === -1) return newParsedLine(line, "is no logfmt");
        const quoted = line.slice(from + 1, at - 1);
        if (quoted.includes("\\")) {
          parsed.arePieces = false;
          setField(fields, name, unquote(quoted));
        } else setField(fields, name, quoted);
      } else {
        at = plainEnd(line, from, false);
        setField(fields, name, typed(line.slice(from, at)));
      }
    }
    const behind = spacesEnd(line, at);
    if (behind === at && at < line.length) return newParsedLine(line, "is no logfmt");
    at = behind;
  }
  return hasValue ? parsed : newParsedLine(line, "is no logfmt");
}

const QUOTE = 0x22;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;

/** Where a name ends, or a value without quotes. */
function plainEnd(line: string, from: number, isName: boolean): number {
  let at = from;
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === QUOTE || (isName && code === EQUALS) || isSpace(code)) break;
  }
  return at;
}

/** Behind the quote that ends a value; -1 when there is none. */
function quotedEnd(line: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

function spacesEnd(line: string, from: number): number {
  let at = from;
  while (at < line.length && isSpace(line.charCodeAt(at))) at++;
  return at;
}

/** What `\s` is. */
function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return otherSpaces.test(String.fromCharCode(code));
}
const otherSpaces = /\s/;

/** Numbers that are written as numbers are; longer ones are names made of digits. */
function typed(text: string): string | number | boolean {
  const first = text.charCodeAt(0);
  if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return number.test(text) ? Number(text) : text;
  if (text === "true") return true;
  return text === "false" ? false : text;
}
const number = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;

function unquote(text: string): string {
  return text.replace(/\\(.)/gsu, (_, character: string) => escapes[character] ?? character);
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
