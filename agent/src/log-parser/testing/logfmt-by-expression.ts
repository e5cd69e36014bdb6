import type { LogFieldValue } from "@mycloud/protocol/log-record";

const pair = /([^\s="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?(?:\s+|$)/suy;
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** Logfmt by its grammar as one expression, as it was read before a scanner did: what the scanner is held against. Null for what is none. */
export function logfmtByExpression(line: string): Record<string, LogFieldValue> | null {
  const fields: Record<string, LogFieldValue> = {};
  let hasValue = false;
  pair.lastIndex = line.length - line.trimStart().length;
  while (pair.lastIndex < line.length) {
    const match = pair.exec(line);
    if (match === null) return null;
    const [, name = "", quoted, plain] = match;
    if (name === "__proto__") continue;
    if (quoted === undefined && plain === undefined) fields[name] = true;
    else {
      hasValue = true;
      fields[name] = quoted === undefined ? typed(plain ?? "") : unquote(quoted);
    }
  }
  return hasValue ? fields : null;
}

function typed(text: string): LogFieldValue {
  if (text === "true") return true;
  if (text === "false") return false;
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(text) ? Number(text) : text;
}

function unquote(text: string): string {
  return text.replace(/\\(.)/gsu, (_, character: string) => escapes[character] ?? character);
}
