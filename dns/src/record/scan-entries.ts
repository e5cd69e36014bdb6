import type { Token } from "./token.ts";

/** One entry of a zone file: a line, or several within parentheses. */
export interface Entry {
  /** Where it begins, from 1. */
  readonly line: number;
  /** Whether it begins with white space: its owner is that of the entry before. */
  readonly isIndented: boolean;
  readonly tokens: readonly Token[];
}

/** A text that cannot be cut into words: a quotation or a parenthesis that does not end. */
export class ScanError extends Error {
  override readonly name = "ScanError";
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;
const semicolon = 0x3b;
const quotationMark = 0x22;
const backslash = 0x5c;
const open = 0x28;
const close = 0x29;

/**
 * Cuts a master file (RFC 1035 §5.1) into entries of words, without those that are empty: comments go, parentheses join lines, escapes stay for who
 * knows what the word is. `text` is a string of octets. Throws ScanError.
 */
export function* scanEntries(text: string): Generator<Entry> {
  const parentheses = new Parentheses();
  let tokens: Token[] = [];
  let line = 1;
  let start = { line, isIndented: isBlank(text.charCodeAt(0)) };
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const code = text.charCodeAt(at);
    if (code === newline) {
      at += 1;
      line += 1;
      if (parentheses.isOpen) continue;
      if (tokens.length > 0) yield { ...start, tokens };
      tokens = [];
      start = { line, isIndented: isBlank(text.charCodeAt(at)) };
    } else if (code === open || code === close) {
      parentheses.take(code, line);
      at += 1;
    } else if (code === quotationMark) {
      const end = endOfQuotation(text, at, line);
      tokens.push({ text: text.slice(at + 1, end), isQuoted: true });
      at = end + 1;
    } else {
      const end = endOfWord(text, at);
      tokens.push({ text: text.slice(at, end), isQuoted: false });
      at = end;
    }
  }
  parentheses.end();
  if (tokens.length > 0) yield { ...start, tokens };
}

function isBlank(code: number): boolean {
  return code === space || code === tab || code === carriageReturn;
}

/** Where the next word, parenthesis or end of line is: behind white space and comments. */
function skipBlanks(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at += 1;
  if (text.charCodeAt(at) !== semicolon) return at;
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Lines between them are one entry. BIND lets them be nested, and so do we. */
class Parentheses {
  #depth = 0;
  #openedAtLine = 0;

  get isOpen(): boolean {
    return this.#depth > 0;
  }

  take(code: number, line: number): void {
    if (code === close && this.#depth === 0) throw new ScanError(line, "a ) without a ( before it");
    if (code === open && this.#depth === 0) this.#openedAtLine = line;
    this.#depth += code === open ? 1 : -1;
  }

  end(): void {
    if (this.isOpen) throw new ScanError(this.#openedAtLine, "a ( that is never closed");
  }
}

function endOfQuotation(text: string, start: number, line: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (code === quotationMark) return at;
    else if (code === newline) break;
  }
  throw new ScanError(line, 'a " without another one on its line');
}

const endsWord = new Set([space, tab, newline, carriageReturn, semicolon, quotationMark, open, close]);

function endOfWord(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // An escaped newline is no word's; what follows sees the backslash at the end of its text.
    if (code === backslash) at += text.charCodeAt(at + 1) === newline ? 0 : 1;
    else if (endsWord.has(code)) return at;
  }
  return text.length;
}
