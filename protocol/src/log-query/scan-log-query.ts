import { type LogOperator, logOperators } from "./log-condition.ts";
import { LogQueryError } from "./log-query-error.ts";

/** A piece of a query; `at` and `end` are its place in the text. */
interface Place {
  readonly at: number;
  readonly end: number;
}
export interface SignToken extends Place {
  readonly kind: "open" | "close" | "and" | "or" | "not";
}
/** Bare words may have `*`; quoted ones are as they stand. */
export interface TextToken extends Place {
  readonly kind: "text";
  readonly text: string;
  readonly isQuoted: boolean;
}
/** `name:` or `name>=`, directly before a text or a parenthesis. */
export interface FieldToken extends Place {
  readonly kind: "field";
  readonly name: string;
  readonly operator: ":" | LogOperator;
}
export type LogQueryToken = SignToken | TextToken | FieldToken;

const fieldStart = /([\p{L}_@][\p{L}\p{N}_@.\-/]{0,127})(:|>=|<=|!=|=|>|<)/uy;
const bareText = /[^\s()"]+/uy;
const words = { AND: "and", OR: "or", NOT: "not" } as const;

/** Cuts a query into its pieces. Throws LogQueryError where a quotation has no end. */
export function scanLogQuery(text: string): LogQueryToken[] {
  const tokens: LogQueryToken[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      at += 1;
      continue;
    }
    const token = nextToken(text, at, tokens.at(-1));
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function nextToken(text: string, at: number, before: LogQueryToken | undefined): LogQueryToken {
  const char = text.charAt(at);
  if (char === "(") return { kind: "open", at, end: at + 1 };
  if (char === ")") return { kind: "close", at, end: at + 1 };
  if (char === '"') return quoted(text, at);
  const isValue = before?.kind === "field" && before.end === at;
  // A minus directly before something is NOT, but not within a value: `date:2026-11-23`, `offset>-5`.
  if (char === "-" && !isValue && /[^\s)]/.test(text.charAt(at + 1))) return { kind: "not", at, end: at + 1 };
  if (!isValue) {
    const field = matchAt(fieldStart, text, at);
    const [whole = "", name = "", sign = ""] = field ?? [];
    // `http://...` is a text and no field with the value `//...`.
    if (field !== null && !text.startsWith("//", at + whole.length)) {
      return { kind: "field", name, operator: operatorOf(sign), at, end: at + whole.length };
    }
  }
  const [bare = char] = matchAt(bareText, text, at) ?? [];
  if (!isValue && Object.hasOwn(words, bare)) {
    const { AND, OR, NOT } = words;
    return { kind: bare === "AND" ? AND : bare === "OR" ? OR : NOT, at, end: at + bare.length };
  }
  return { kind: "text", text: bare, isQuoted: false, at, end: at + bare.length };
}

function quoted(text: string, at: number): LogQueryToken {
  let value = "";
  for (let end = at + 1; end < text.length; end += 1) {
    const char = text.charAt(end);
    if (char === '"') return { kind: "text", text: value, isQuoted: true, at, end: end + 1 };
    if (char === "\\" && end + 1 < text.length) end += 1;
    value += text.charAt(end);
  }
  throw new LogQueryError('a quotation is not closed by "', at);
}

function operatorOf(sign: string): ":" | LogOperator {
  return logOperators.find((operator) => operator === sign) ?? ":";
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
