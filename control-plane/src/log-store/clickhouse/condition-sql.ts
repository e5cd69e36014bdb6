import { holds, type LogCondition, type LogOperator, tokensOf, wildcardMatcher } from "@mycloud/protocol/log-query";
import { logFacilities, logSeverities } from "@mycloud/protocol/log-record";
import type { Scope } from "../../scope/index.ts";
import { anything } from "../pattern/index.ts";
import { likeLiteral, literal } from "./literal.ts";

/** A condition as SQL that is 0 or 1, never null. `templates`: patterns that were shown, of which a condition on `pattern` may name one. Pure. */
export function conditionSql(condition: LogCondition, templates: readonly string[]): string {
  switch (condition.kind) {
    case "all":
      return "1";
    case "words": {
      const text = ` ${condition.tokens.join(" ")}${condition.isPrefix ? "" : " "}`;
      return `position(words, ${literal(text)}) > 0`;
    }
    case "severity":
      return numbersSql(
        "severity",
        [...logSeverities.keys()].filter((level) => holds(condition.level - level, condition.operator)),
      );
    case "number":
      return numberSql(condition.field, condition.operator, condition.value);
    case "field":
      return fieldSql(condition.field, condition.parts, templates);
    case "not":
      return `not (${conditionSql(condition.of, templates)})`;
    case "and":
    case "or":
      return condition.of.map((one) => `(${conditionSql(one, templates)})`).join(` ${condition.kind} `);
  }
}

/** Pure. */
export function scopeSql(scope: Scope): string {
  return scope.kind === "all" ? "1" : `ifNull(customer = ${literal(scope.customer)}, 0)`;
}

function fieldSql(field: string, parts: readonly string[], templates: readonly string[]): string {
  const isLike = wildcardMatcher(parts);
  switch (field) {
    case "host":
    case "source":
    case "service":
    case "message":
      return textSql(`lowerUTF8(${field})`, parts);
    case "hostId":
      return `ifNull(${textSql("toString(host_id)", parts)}, 0)`;
    case "customer":
      return `ifNull(${textSql("lowerUTF8(customer)", parts)}, 0)`;
    case "severity":
      return numbersSql(
        "severity",
        [...logSeverities.keys()].filter((level) => isLike(logSeverities[level] ?? "")),
      );
    case "facility":
      return numbersSql(
        "facility",
        [...logFacilities.keys()].filter((number) => isLike(logFacilities[number] ?? "")),
      );
    case "pattern":
      return [textSql("pattern", parts), ...templates.map(templateSql)].map((one) => `(${one})`).join(" or ");
    default:
      return `arrayExists((field_name, field_value) -> field_name = ${literal(field)} and ${textSql("field_value", parts)}, names, folded)`;
  }
}

/** Whether a text in lower case is what stands between the `*` of a query. Pure. */
export function textSql(text: string, parts: readonly string[]): string {
  const folded = parts.map((part) => part.toLowerCase());
  const [value = ""] = folded;
  return folded.length === 1 ? `${text} = ${literal(value)}` : `${text} like ${likeLiteral(folded)}`;
}

/** Whether a shape is of a pattern: each word the same, or one that may be any. */
function templateSql(template: string): string {
  const words = template
    .split(" ")
    .map((word) => (word === anything ? "[^ ]*" : word.replace(/[^\p{L}\p{N}\s]/gu, "\\$&")));
  return `match(template, ${literal(`^${words.join(" ")}$`)})`;
}

function numberSql(field: string, operator: LogOperator, value: number): string {
  switch (field) {
    case "host":
    case "source":
    case "service":
    case "message":
      return `isFinite(toFloat64OrZero(${field})) and match(${field}, '^\\\\s*[+-]?[0-9.]+(e[+-]?[0-9]+)?\\\\s*$') and toFloat64OrZero(${field}) ${operator} ${value}`;
    case "hostId":
      return `ifNull(host_id ${operator} ${value}, 0)`;
    case "customer":
    case "severity":
    case "facility":
    case "pattern":
      return "0";
    default:
      return `arrayExists((field_name, field_value) -> field_name = ${literal(field)} and not isNaN(field_value) and field_value ${operator} ${value}, names, numbers)`;
  }
}

function numbersSql(column: string, numbers: readonly number[]): string {
  return numbers.length === 0 ? "0" : `${column} in (${numbers.join(", ")})`;
}

/** What `words` has of a message. Pure. */
export function wordsColumn(message: string): string {
  return ` ${tokensOf(message).join(" ")} `;
}
