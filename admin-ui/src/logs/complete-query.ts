import { logSeverities } from "@mycloud/protocol/log-record";

/** What is being written at the caret: a word that may become a field's name, or a field's value. `from` and `to` are its place in the text. */
export type QueryPart =
  | { readonly kind: "word"; readonly text: string; readonly from: number; readonly to: number }
  | {
      readonly kind: "value";
      readonly field: string;
      readonly text: string;
      readonly from: number;
      readonly to: number;
    };

const wordEnd = /[\s()]/;

/** Finds what is being written; null inside a quotation. Pure. */
export function partAt(query: string, caret: number): QueryPart | null {
  const before = query.slice(0, caret);
  if (((before.replaceAll(/\\./g, "").match(/"/g) ?? []).length & 1) === 1) return null;
  let from = caret;
  while (from > 0 && !wordEnd.test(query.charAt(from - 1))) from--;
  let to = caret;
  while (to < query.length && !wordEnd.test(query.charAt(to))) to++;
  const text = query.slice(from, caret);
  const sign = /^-?([\p{L}_@][\p{L}\p{N}_@.\-/]*)(:|>=|<=|!=|=|>|<)/u.exec(text);
  if (sign === null) {
    const dash = text.startsWith("-") ? 1 : 0;
    return { kind: "word", text: text.slice(dash), from: from + dash, to };
  }
  const [whole, field = ""] = sign;
  return { kind: "value", field, text: text.slice(whole.length), from: from + whole.length, to };
}

const ownFields = ["host", "service", "source", "severity", "facility"] as const;
const mostOffered = 12;

/** What may stand there instead of a word: names of fields, each with its colon. Pure. */
export function offeredFields(part: QueryPart & { kind: "word" }, fieldNames: readonly string[]): string[] {
  const wanted = part.text.toLowerCase();
  const names = [...ownFields, ...fieldNames.filter((name) => !ownFields.some((own) => own === name))];
  const fitting = names.filter((name) => name.toLowerCase().startsWith(wanted));
  return fitting.slice(0, mostOffered).map((name) => `${name}:`);
}

/** The values that begin with what is written, most frequent first as they come; severities are known. Pure. */
export function offeredValues(part: QueryPart & { kind: "value" }, values: readonly string[]): string[] {
  const wanted = part.text.replace(/^"/, "").toLowerCase();
  const known = part.field === "severity" ? logSeverities : values;
  return known.filter((value) => value.toLowerCase().startsWith(wanted)).slice(0, mostOffered);
}

/** The query with what was chosen in its place, and where the caret then stands: behind a field's colon, or behind a space. Pure. */
export function accept(
  query: string,
  part: QueryPart,
  chosen: string,
): { readonly query: string; readonly caret: number } {
  const isPlain = /^[\p{L}\p{N}_./@:-]+$/u.test(chosen);
  const written = isPlain ? chosen : `"${chosen.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const rest = query.slice(part.to);
  const end = part.kind === "word" || rest.startsWith(" ") ? "" : " ";
  const head = `${query.slice(0, part.from)}${written}${end}`;
  return { query: head + rest, caret: head.length };
}
