import type { Column, Item, Value } from "../column/column.ts";
import type { QueryContext } from "../query/context.ts";
import { compileSearch, RegexError } from "../regex/index.ts";
import { type Comparison, type FilterNode, RequestError } from "../request/index.ts";

/** Says whether a row passes. */
export type Predicate<Row> = (row: Row, context: QueryContext) => boolean;

export interface FilterOptions<Row> {
  /** Throws RequestError for a column that is not there. */
  readonly columnOf: (name: string) => Column<Row>;
  readonly clockOffsetSeconds: number;
}

/** Turns a filter into a function. Throws RequestError for columns, operators and values that do not fit. Pure. */
export function compileFilter<Row>(node: FilterNode, options: FilterOptions<Row>): Predicate<Row> {
  switch (node.kind) {
    case "compare":
      return compileComparison(node, options);
    case "not": {
      const inner = compileFilter(node.of, options);
      return (row, context) => !inner(row, context);
    }
    case "and": {
      const all = node.of.map((one) => compileFilter(one, options));
      const [first, second] = all;
      if (first !== undefined && second !== undefined && all.length === 2)
        return (row, context) => first(row, context) && second(row, context);
      return (row, context) => all.every((one) => one(row, context));
    }
    case "or":
      return compileOr(node.of, options);
  }
}

/** Many `column = value` of one column, as maps with hundreds of objects send them, are one look into a set. */
function compileOr<Row>(nodes: readonly FilterNode[], options: FilterOptions<Row>): Predicate<Row> {
  const wanted = new Map<string, Set<string>>();
  const others: Predicate<Row>[] = [];
  for (const node of nodes) {
    const isPlain = node.kind === "compare" && node.operator === "=" && !node.isNegated;
    if (isPlain && options.columnOf(node.column).type === "string") {
      const values = wanted.get(node.column);
      if (values === undefined) wanted.set(node.column, new Set([node.value]));
      else values.add(node.value);
    } else others.push(compileFilter(node, options));
  }
  for (const [name, values] of wanted) {
    const { read } = options.columnOf(name);
    others.push((row, context) => {
      const value = read(row, context);
      return typeof value === "string" && values.has(value);
    });
  }
  const [first, second] = others;
  if (first !== undefined && others.length === 1) return first;
  if (first !== undefined && second !== undefined && others.length === 2)
    return (row, context) => first(row, context) || second(row, context);
  return (row, context) => others.some((one) => one(row, context));
}

function compileComparison<Row>(node: Comparison, options: FilterOptions<Row>): Predicate<Row> {
  const column = options.columnOf(node.column);
  const { read } = column;
  const test = valueTest(node, column, options.clockOffsetSeconds);
  if (node.isNegated) return (row, context) => !test(read(row, context));
  return (row, context) => test(read(row, context));
}

type ValueTest = (value: Value) => boolean;

function valueTest<Row>(node: Comparison, column: Column<Row>, clockOffsetSeconds: number): ValueTest {
  switch (column.type) {
    case "int":
      return integerTest(node);
    case "time":
      return numberTest(node, numberOf(node) - clockOffsetSeconds);
    case "float":
      return numberTest(node, numberOf(node));
    case "string": {
      const test = textTest(node);
      return (value) => typeof value === "string" && test(value);
    }
    case "list":
      return listTest(node);
    case "dict":
      return dictTest(node);
  }
}

function numberOf({ column, value }: Comparison): number {
  const number = Number(value.trim());
  if (Number.isNaN(number)) throw new RequestError(400, `${column} is a number and not "${value.slice(0, 100)}"`);
  return number;
}

function numberTest(node: Comparison, wanted: number): ValueTest {
  switch (node.operator) {
    case "=":
      return (value) => value === wanted;
    case "<":
      return (value) => typeof value === "number" && value < wanted;
    case ">":
      return (value) => typeof value === "number" && value > wanted;
    case "<=":
      return (value) => typeof value === "number" && value <= wanted;
    case ">=":
      return (value) => typeof value === "number" && value >= wanted;
    default:
      throw unfit(node, "a number");
  }
}

/** Of whole numbers, `~`, `=~` and `~~` compare bits: all of the value's, none beside them, any of them. */
function integerTest(node: Comparison): ValueTest {
  const wanted = numberOf(node);
  const { operator } = node;
  if (operator === "~") return (value) => typeof value === "number" && (value & wanted) === wanted;
  if (operator === "=~") return (value) => typeof value === "number" && (value & wanted) === value;
  if (operator === "~~") return (value) => typeof value === "number" && (value & wanted) !== 0;
  return numberTest(node, wanted);
}

function textTest(node: Pick<Comparison, "column" | "operator" | "value">): (value: string) => boolean {
  const { operator, value: wanted } = node;
  switch (operator) {
    case "=":
      return (value) => value === wanted;
    case "=~": {
      const folded = wanted.toLowerCase();
      return (value) => value.toLowerCase() === folded;
    }
    case "~":
      return searchOf(node, false);
    case "~~":
      return searchOf(node, true);
    case "<":
      return (value) => value < wanted;
    case ">":
      return (value) => value > wanted;
    case "<=":
      return (value) => value <= wanted;
    case ">=":
      return (value) => value >= wanted;
  }
}

function searchOf({ column, value }: Pick<Comparison, "column" | "value">, ignoresCase: boolean) {
  try {
    return compileSearch(value, ignoresCase);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw new RequestError(400, `${column}: the expression "${value.slice(0, 200)}" is refused: ${error.message}`);
  }
}

/**
 * Lists: `=` with nothing is empty; `>=` contains, `<` does not; `<=` and `>` the same without case; `~` and `~~` search each entry.
 */
function listTest(node: Comparison): ValueTest {
  const { operator, value: wanted, column } = node;
  const any = (test: (name: string) => boolean): ValueTest => {
    return (value) => Array.isArray(value) && value.some((item) => namesOf(item).some(test));
  };
  switch (operator) {
    case "=":
      if (wanted !== "") throw new RequestError(400, `${column} is a list: = takes no value, use >= for "contains"`);
      return (value) => Array.isArray(value) && value.length === 0;
    case ">=":
      return any((name) => name === wanted);
    case "<": {
      const contains = any((name) => name === wanted);
      return (value) => !contains(value);
    }
    case "<=":
      return any(textTest({ ...node, operator: "=~" }));
    case ">": {
      const contains = any(textTest({ ...node, operator: "=~" }));
      return (value) => !contains(value);
    }
    case "~":
    case "~~":
      return any(textTest(node));
    case "=~":
      throw unfit(node, "a list");
  }
}

/** What an entry of a list is found by: its name, for a service in a list of services also `host|service` and `host;service`. */
function namesOf(item: Item): string[] {
  if (!Array.isArray(item)) return [String(item)];
  const [first, second] = item;
  const names = [String(first)];
  if (typeof second === "string") names.push(`${first}|${second}`, `${first};${second}`, second);
  return names;
}

/** Maps: the value begins with a key, in single quotes where it has blanks: `labels = os linux`, `labels = 'os' 'linux'`. */
function dictTest(node: Comparison): ValueTest {
  const match = /^\s*(?:'((?:[^']|'')*)'|(\S+))\s*(.*)$/s.exec(node.value);
  if (match === null) throw new RequestError(400, `${node.column} is a map: name a key before the value`);
  const key = match[1]?.replaceAll("''", "'") ?? match[2] ?? "";
  const rest = match[3] ?? "";
  const quoted = /^'((?:[^']|'')*)'\s*$/.exec(rest);
  const test = textTest({ ...node, value: quoted?.[1]?.replaceAll("''", "'") ?? rest });
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const found = Object.hasOwn(value, key) ? Object.entries(value).find(([name]) => name === key)?.[1] : "";
    return test(String(found ?? ""));
  };
}

function unfit({ operator, column }: Comparison, what: string): RequestError {
  return new RequestError(400, `${operator} cannot be used on ${column}, which is ${what}`);
}
