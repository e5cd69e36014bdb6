import { type LogCondition, logMatcher, type MatchableLogRecord, wildcardMatcher } from "@mycloud/protocol/log-query";
import { patternId } from "../../pattern/index.ts";
import type { DayReader } from "./day-reader.ts";

/** Which shapes of a day `pattern:...` asks for. */
export interface PatternsAsked {
  shapesOf(parts: readonly string[]): readonly number[];
}

/** `known`: templates of patterns that were shown, which are more than one shape. Answers are remembered. */
export function patternsAsked(reader: DayReader, known: readonly string[]): PatternsAsked {
  const found = new Map<string, readonly number[]>();
  return {
    shapesOf(parts) {
      const key = parts.join("*");
      const before = found.get(key);
      if (before !== undefined) return before;
      const isAsked = wildcardMatcher(parts);
      const templates = known.filter((template) => isAsked(patternId(template)));
      const shapes = reader.shapesOf(isAsked, templates);
      found.set(key, shapes);
      return shapes;
    },
  };
}

/** As `logMatcher`, for records whose shape is known. */
export function patternMatcher(
  condition: LogCondition,
  asked: PatternsAsked,
): (record: MatchableLogRecord, shape: number) => boolean {
  switch (condition.kind) {
    case "not": {
      const matches = patternMatcher(condition.of, asked);
      return (record, shape) => !matches(record, shape);
    }
    case "and": {
      const all = condition.of.map((one) => patternMatcher(one, asked));
      return (record, shape) => all.every((matches) => matches(record, shape));
    }
    case "or": {
      const some = condition.of.map((one) => patternMatcher(one, asked));
      return (record, shape) => some.some((matches) => matches(record, shape));
    }
    case "field": {
      if (condition.field !== "pattern") break;
      const shapes = new Set(asked.shapesOf(condition.parts));
      return (_record, shape) => shapes.has(shape);
    }
  }
  const matches = logMatcher(condition);
  return (record) => matches(record);
}
