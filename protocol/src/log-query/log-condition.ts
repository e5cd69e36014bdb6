/** What a query asks of a record. Letters' case never matters. The time range is no part of it. */
export type LogCondition =
  | { readonly kind: "all" }
  /** The words (see `tokensOf`) one after another in the message: one word, or a phrase. `isPrefix`: the last is the beginning of a word. */
  | { readonly kind: "words"; readonly tokens: readonly string[]; readonly isPrefix: boolean }
  /**
   * A field's value, whole. `parts` are what stands between the `*` of the query: one part is the value itself, two empty ones any value at all.
   */
  | { readonly kind: "field"; readonly field: string; readonly parts: readonly string[] }
  /** A field that is a number, or a text that is one, compared as such. */
  | { readonly kind: "number"; readonly field: string; readonly operator: LogOperator; readonly value: number }
  /** `level` is syslog's number, 0 the worst; `>=` means at least as bad. Records without a severity never match. */
  | { readonly kind: "severity"; readonly operator: LogOperator; readonly level: number }
  | { readonly kind: "not"; readonly of: LogCondition }
  | { readonly kind: "and" | "or"; readonly of: readonly LogCondition[] };

export const logOperators = ["=", "!=", ">", ">=", "<", "<="] as const;
export type LogOperator = (typeof logOperators)[number];

/** Fields that are a record's own; every other name is one of its `fields`. `message` as a field is searched for words. */
export const ownLogFields = [
  "host",
  "hostId",
  "service",
  "source",
  "severity",
  "facility",
  "message",
  "customer",
  "pattern",
] as const;

/** The words of a text as every store knows them: runs of Unicode letters, digits, marks and `_`, in lower case. Pure. */
export function tokensOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];
}

/** Whether `a operator b` holds, by the difference `a - b`. Pure. */
export function holds(difference: number, operator: LogOperator): boolean {
  switch (operator) {
    case "=":
      return difference === 0;
    case "!=":
      return difference !== 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
  }
}
