import { logSeverities, readSeverity } from "../log-record/index.ts";
import { type LogCondition, type LogOperator, tokensOf } from "./log-condition.ts";
import { LogQueryError } from "./log-query-error.ts";
import { type FieldToken, type LogQueryToken, scanLogQuery, type TextToken } from "./scan-log-query.ts";

/** Bounds of a query: characters, conditions, parentheses within each other. */
const limits = { characters: 4096, conditions: 100, depth: 20 } as const;

/**
 * Understands a query: `word`, `beginning*`, `"a phrase"`, `field:value`, `field:val*`, `field:*`, `field:(a OR b)`, `field>=5`, `severity>=warning`,
 * `NOT x`, `-x`, `x OR y`, parentheses; what stands next to each other all has to match. An empty query matches everything. Throws LogQueryError,
 * whose text is for people. Pure.
 */
export function parseLogQuery(text: string): LogCondition {
  if (text.length > limits.characters) {
    throw new LogQueryError(
      `the query has ${text.length} characters; at most ${limits.characters} are read`,
      limits.characters,
    );
  }
  const tokens = scanLogQuery(text);
  let next = 0;
  let conditions = 0;
  const end = text.length;

  function either(depth: number, field: string | null): LogCondition {
    const found = [both(depth, field)];
    while (tokens[next]?.kind === "or") {
      next += 1;
      found.push(both(depth, field));
    }
    return joined("or", found);
  }

  function both(depth: number, field: string | null): LogCondition {
    const found: LogCondition[] = [];
    for (let token = tokens[next]; token !== undefined; token = tokens[next]) {
      if (token.kind === "close" || token.kind === "or") break;
      if (token.kind === "and") {
        if (found.length === 0) throw new LogQueryError("AND has nothing before it", token.at);
        next += 1;
        if (!beginsTerm(tokens[next])) throw new LogQueryError("AND has nothing behind it", token.at);
        continue;
      }
      found.push(one(depth, field));
    }
    if (found.length > 0) return joined("and", found);
    const before = tokens[next - 1];
    const what =
      before === undefined || before.kind === "open"
        ? `nothing stands before ${named(tokens[next])}`
        : "OR has nothing behind it";
    throw new LogQueryError(what, tokens[next]?.at ?? end);
  }

  function one(depth: number, field: string | null): LogCondition {
    const token = tokens[next];
    if (depth > limits.depth)
      throw new LogQueryError(`more than ${limits.depth} parentheses or NOT stand within each other`, token?.at ?? end);
    next += 1;
    if (token?.kind === "not") {
      if (!beginsTerm(tokens[next])) throw new LogQueryError("NOT has nothing behind it", token.at);
      return { kind: "not", of: one(depth + 1, field) };
    }
    if (token?.kind === "open") return inParentheses(token, depth, field);
    conditions += 1;
    if (conditions > limits.conditions)
      throw new LogQueryError(`more than ${limits.conditions} conditions`, token?.at ?? end);
    if (token?.kind === "text") return field === null ? words(token) : fieldValue(field, token);
    if (token?.kind === "field") return ofField(token, depth, field);
    throw new LogQueryError(`${named(token)} stands where something to search for should`, token?.at ?? end);
  }

  function inParentheses(open: LogQueryToken, depth: number, field: string | null): LogCondition {
    const inner = either(depth + 1, field);
    if (tokens[next]?.kind !== "close") throw new LogQueryError("a parenthesis is not closed by )", open.at);
    next += 1;
    return inner;
  }

  function ofField(token: FieldToken, depth: number, outer: string | null): LogCondition {
    if (outer !== null) throw new LogQueryError(`${token.name} stands within the values of ${outer}`, token.at);
    const value = tokens[next]?.at === token.end ? tokens[next] : undefined;
    next += 1;
    if (value?.kind === "open") {
      if (token.operator !== ":") {
        throw new LogQueryError(`only ${token.name}: can have values in parentheses`, value.at);
      }
      return inParentheses(value, depth, token.name);
    }
    if (value?.kind !== "text") {
      throw new LogQueryError(`${token.name}${token.operator} has no value directly behind it`, token.at);
    }
    return token.operator === ":" ? fieldValue(token.name, value) : compared(token.name, token.operator, value);
  }

  if (tokens.length === 0) return { kind: "all" };
  const condition = either(0, null);
  const rest = tokens[next];
  if (rest !== undefined) throw new LogQueryError("a parenthesis is closed that was not opened", rest.at);
  return condition;
}

function beginsTerm(token: LogQueryToken | undefined): boolean {
  return token !== undefined && ["not", "open", "text", "field"].includes(token.kind);
}

function joined(kind: "and" | "or", of: readonly LogCondition[]): LogCondition {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of };
}

function words({ text, isQuoted, at }: TextToken): LogCondition {
  if (text === "*" && !isQuoted) return { kind: "all" };
  const isPrefix = !isQuoted && text.endsWith("*");
  if (!isQuoted && text.slice(0, -1).includes("*")) {
    throw new LogQueryError(
      `${text}: in a word, * can only stand at its end; in a field's value (message is none) anywhere`,
      at,
    );
  }
  const tokens = tokensOf(text);
  if (tokens.length === 0)
    throw new LogQueryError(`${isQuoted ? `"${text}"` : text} has no letter or digit to search for`, at);
  return { kind: "words", tokens, isPrefix };
}

function fieldValue(field: string, token: TextToken): LogCondition {
  const { text, isQuoted, at } = token;
  if (field === "message") return words(token);
  const isAny = text === "*" && !isQuoted;
  if (field === "severity" && !isAny) return { kind: "severity", operator: "=", level: levelOf(text, at) };
  return { kind: "field", field, parts: isQuoted ? [text] : text.split(/\*+/) };
}

function compared(field: string, operator: LogOperator, { text, isQuoted, at }: TextToken): LogCondition {
  if (field === "severity") return { kind: "severity", operator, level: levelOf(text, at) };
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return { kind: "number", field, operator, value };
  const same: LogCondition = { kind: "field", field, parts: [text] };
  if (operator === "=") return same;
  if (operator === "!=") return { kind: "not", of: same };
  throw new LogQueryError(`${field}${operator} wants a number, not ${isQuoted ? `"${text}"` : text}`, at);
}

function levelOf(text: string, at: number): number {
  const severity = readSeverity(text);
  if (severity === null) throw new LogQueryError(`${text} is no severity; they are ${logSeverities.join(", ")}`, at);
  return logSeverities.indexOf(severity);
}

function named(token: LogQueryToken | undefined): string {
  if (token === undefined) return "the end";
  if (token.kind === "open") return "(";
  if (token.kind === "close") return ")";
  return token.kind === "text" ? token.text : token.kind === "field" ? token.name : token.kind.toUpperCase();
}
