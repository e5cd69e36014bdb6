import { InputError } from "../error/index.ts";
import type { Matcher } from "./matcher.ts";

const labelName = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const operators = { "=~": [true, true], "!~": [true, false], "!=": [false, false], "=": [false, true] } as const;

/**
 * Reads a matcher as the parameter `filter` has it: `job=~"node.*"`, also without quotes. In quotes and out of them `\"`, `\\` and `\n` are escapes, and
 * any other backslash is itself, as in Alertmanager. Throws InputError.
 */
export function parseMatcher(text: string): Matcher {
  // White space is cut by hand: an expression that does it backtracks over long runs.
  const trimmed = text.trim();
  const name = labelName.exec(trimmed)?.[0];
  if (name === undefined) throw badFormat(text);
  const rest = trimmed.slice(name.length).trimStart();
  for (const [operator, [isRegex, isEqual]] of Object.entries(operators)) {
    if (rest.startsWith(operator)) {
      return { name, isRegex, isEqual, value: unquote(rest.slice(operator.length).trimStart(), text) };
    }
  }
  throw badFormat(text);
}

function badFormat(text: string): InputError {
  return new InputError(`bad matcher format: ${text.slice(0, 200)}`);
}

function unquote(raw: string, text: string): string {
  const isQuoted = raw.startsWith('"');
  const unescaped = () => new InputError(`matcher value contains unescaped double quote: ${text.slice(0, 200)}`);
  let value = "";
  let at = isQuoted ? 1 : 0;
  for (; at < raw.length; at++) {
    const character = raw[at];
    if (character === '"') {
      if (!isQuoted || at < raw.length - 1) throw unescaped();
      return value;
    }
    const next = raw[at + 1];
    if (character === "\\" && (next === '"' || next === "\\" || next === "n")) {
      value += next === "n" ? "\n" : next;
      at++;
    } else value += character;
  }
  if (isQuoted) throw unescaped();
  return value;
}
