/**
 * What a query asks of a record. Letters' case never matters. The time range is no part of it.
 */
export type LogCondition =
  | { readonly kind: "all" }
  /** The words (see `tokensOf`) one after another in the message: one word, or a phrase. `isPrefix`: the last is the beginning of a word. */
  | { readonly kind: "words"; readonly tokens: readonly string[]; readonly isPrefix: boolean }
  /** A field has a value, whole. `*` in it stands for anything; `*` alone for every record that has the field. */
  | { readonly kind: "field"; readonly field: string; readonly value: string }
  /** A field is a number, compared as such. */
  | { readonly kind: "number"; readonly field: string; readonly operator: LogOperator; readonly value: number }
  /** `level` is syslog's number: `severity>=warning` is `<=` 4 there; the operator is the query's own. Records without a severity never match. */
  | { readonly kind: "severity"; readonly operator: LogOperator; readonly level: number }
  | { readonly kind: "not"; readonly of: LogCondition }
  | { readonly kind: "and" | "or"; readonly of: readonly LogCondition[] };

/** Of severities: `>=` is at least as bad. */
export type LogOperator = "=" | "!=" | ">" | ">=" | "<" | "<=";

/** Fields that are a record's own and no entry of `fields`. */
export const ownLogFields = [
  "host",
  "service",
  "source",
  "severity",
  "facility",
  "message",
  "customer",
  "pattern",
] as const;

/** The words of a text as every store knows them: runs of Unicode letters, digits and `_`, in lower case. Pure. */
export function tokensOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];
}
