import type { Item, Value } from "../column/index.ts";
import type { Separators } from "../request/index.ts";

/** Writes one value in an output format. */
export type Encode = (value: Value) => string;

/** JSON; numbers that are none are null. Pure. */
export function encodeJson(value: Value): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "null";
  return JSON.stringify(value);
}

/** A Python literal as `repr` writes it, so that `ast.literal_eval` reads it. Pure. */
export function encodePython(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "None";
  if (typeof value === "string") return quotePython(value);
  if (isList(value)) return `[${value.map((item) => encodePython(item)).join(", ")}]`;
  return `{${Object.entries(value)
    .map(([key, entry]) => `${quotePython(key)}: ${quotePython(entry)}`)
    .join(", ")}}`;
}

const pythonEscapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quotePython(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(
    /[\\\n\r\t\u0000-\u001f\u007f-\u00a0\u00ad\u2028\u2029\ud800-\udfff\ufeff]/gu,
    (character) => {
      const known = pythonEscapes[character];
      if (known !== undefined) return known;
      const code = character.charCodeAt(0);
      return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
    },
  );
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

/** The old csv: nothing is quoted, so a separator within a text looks like one. Pure. */
export function createCsvEncoder({ list, pair }: Separators): Encode {
  const encodeItem = (item: Item): string =>
    isList(item) ? item.map((part) => (isList(part) ? part.join(pair) : String(part))).join(pair) : String(item);
  return (value) => {
    if (value === null) return "";
    if (typeof value === "number" || typeof value === "string") return String(value);
    if (isList(value)) return value.map(encodeItem).join(list);
    return Object.entries(value)
      .map(([key, entry]) => `${key}${pair}${entry}`)
      .join(list);
  };
}

/** The CSV of RFC 4180: what needs it is quoted. Lists are as in the old one. Pure. */
export function createQuotedCsvEncoder(separators: Separators): Encode {
  const plain = createCsvEncoder(separators);
  return (value) => {
    const text = plain(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
}

function isList(value: Value | Item): value is readonly Item[] {
  return Array.isArray(value);
}
