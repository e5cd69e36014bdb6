import { type LogRecord, logSeverities } from "../log-record/index.ts";
import { holds, type LogCondition, tokensOf } from "./log-condition.ts";

/** What of a record a condition looks at. `pattern` is known to a store only. */
export type MatchableLogRecord = Pick<
  LogRecord,
  "host" | "hostId" | "service" | "source" | "severity" | "facility" | "message" | "customer" | "fields"
> & { readonly pattern?: string };

/** A condition as a function: what depends on the condition alone is worked out once. Pure. */
export function logMatcher(condition: LogCondition): (record: MatchableLogRecord) => boolean {
  switch (condition.kind) {
    case "all":
      return () => true;
    case "words":
      return ({ message }) => hasWords(message, condition.tokens, condition.isPrefix);
    case "field": {
      const isLike = wildcardMatcher(condition.parts);
      return (record) => {
        const value = ownValue(record, condition.field);
        return value !== undefined && isLike(String(value));
      };
    }
    case "number":
      return (record) => {
        const value = ownValue(record, condition.field);
        const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
        return typeof number === "number" && holds(number - condition.value, condition.operator);
      };
    case "severity":
      return ({ severity }) =>
        severity !== null && holds(condition.level - logSeverities.indexOf(severity), condition.operator);
    case "not": {
      const matches = logMatcher(condition.of);
      return (record) => !matches(record);
    }
    case "and": {
      const all = condition.of.map(logMatcher);
      return (record) => all.every((matches) => matches(record));
    }
    case "or": {
      const some = condition.of.map(logMatcher);
      return (record) => some.some((matches) => matches(record));
    }
  }
}

function ownValue(record: MatchableLogRecord, field: string): string | number | boolean | undefined {
  switch (field) {
    case "host":
    case "service":
    case "source":
    case "message":
      return record[field];
    case "hostId":
    case "severity":
    case "facility":
    case "customer":
      return record[field] ?? undefined;
    case "pattern":
      return record.pattern;
    default:
      return Object.hasOwn(record.fields, field) ? record.fields[field] : undefined;
  }
}

function hasWords(message: string, tokens: readonly string[], isPrefix: boolean): boolean {
  const lower = message.toLowerCase();
  // Most messages have not even the letters.
  if (!tokens.every((token) => lower.includes(token))) return false;
  const found = tokensOf(lower);
  const last = tokens.length - 1;
  for (let from = 0; from + last < found.length; from += 1) {
    const isHere = tokens.every((token, place) => {
      const there = found[from + place];
      return place === last && isPrefix ? there?.startsWith(token) === true : there === token;
    });
    if (isHere) return true;
  }
  return false;
}

/** A test for texts that have the parts in their order, the first at the beginning, the last at the end. Letters' case does not matter. Pure. */
export function wildcardMatcher(parts: readonly string[]): (text: string) => boolean {
  const wanted = parts.map((part) => part.toLowerCase());
  const [first = "", ...others] = wanted;
  const last = others.pop();
  return (text) => {
    const lower = text.toLowerCase();
    if (last === undefined) return lower === first;
    if (!lower.startsWith(first)) return false;
    let at = first.length;
    for (const part of others) {
      const found = lower.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return lower.length - last.length >= at && lower.endsWith(last);
  };
}
