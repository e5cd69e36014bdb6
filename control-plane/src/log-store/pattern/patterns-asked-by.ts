import type { LogCondition } from "@mycloud/protocol/log-query";

/** What stands behind `pattern:` in a condition. Pure. */
export function patternsAskedBy(condition: LogCondition): (readonly string[])[] {
  switch (condition.kind) {
    case "field":
      return condition.field === "pattern" ? [condition.parts] : [];
    case "not":
      return patternsAskedBy(condition.of);
    case "and":
    case "or":
      return condition.of.flatMap(patternsAskedBy);
    default:
      return [];
  }
}
