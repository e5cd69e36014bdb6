import type { ThrukQuery } from "./thruk-queries.ts";

/** A value as Livestatus has it in JSON; undefined is what the reference does not know. */
export type Value = string | number | readonly unknown[] | undefined;
export type Row = Readonly<Record<string, Value>>;
type Test = (row: Row) => boolean;

/** What these rows answer to a query: one row of values each, or one of figures. Read here by itself, so that a fault of our own engine cannot hide. */
export function referenceAnswer(query: ThrukQuery, rows: readonly Row[]): Value[][] {
  const filters: Test[] = [];
  const figures: ((rows: readonly Row[]) => number)[] = [];
  const counted: Test[] = [];
  const count = (test: Test) => (chosen: readonly Row[]) => chosen.filter(test).length;
  for (const [header, value] of query.steps) {
    const join = () => {
      const stack = header.startsWith("Stats") ? counted : filters;
      const parts = stack.splice(-Number(value));
      const test: Test = header.endsWith("Or")
        ? (row) => parts.some((one) => one(row))
        : (row) => parts.every((one) => one(row));
      stack.push(test);
      if (stack === counted) figures.splice(-parts.length, parts.length, count(test));
    };
    const figure = /^(sum|avg|min|max) (\w+)$/.exec(value);
    if (header === "Filter") filters.push(testOf(value));
    else if (header !== "Stats") join();
    else if (figure !== null) {
      const [, name = "", column = ""] = figure;
      figures.push((chosen) =>
        aggregate(
          name,
          chosen.map((row) => Number(row[column] ?? 0)),
        ),
      );
      counted.push(() => false);
    } else {
      const test = testOf(value);
      counted.push(test);
      figures.push(count(test));
    }
  }
  const chosen = rows.filter((row) => filters.every((test) => test(row)));
  if (figures.length === 0) return chosen.map((row) => query.columns.map((column) => row[column]));
  const groups = new Map<string, Row[]>();
  for (const row of chosen) {
    const key = JSON.stringify(query.columns.map((column) => row[column]));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  if (query.columns.length === 0) return [figures.map((figure) => figure(chosen))];
  return [...groups].map(([key, members]) => [...JSON.parse(key), ...figures.map((figure) => figure(members))]);
}

function testOf(text: string): Test {
  const [, column = "", operator = "", operand = ""] = /^(\w+) (\S+) ?(.*)$/.exec(text) ?? [];
  return (row) => {
    const value = row[column];
    if (Array.isArray(value)) {
      if (operator === ">=") return value.includes(operand);
      return operator === "!=" && operand === "" && value.length > 0;
    }
    const [left, right] = typeof value === "number" ? [value, Number(operand)] : [String(value ?? ""), operand];
    if (operator === "=") return left === right;
    if (operator === "!=") return left !== right;
    if (operator === ">") return left > right;
    if (operator === ">=") return left >= right;
    if (operator === "<=") return left <= right;
    throw new Error(`no such operator: ${text}`);
  };
}

function aggregate(name: string, values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sum = values.reduce((total, value) => total + value, 0);
  if (name === "sum") return sum;
  if (name === "avg") return sum / values.length;
  return name === "min" ? Math.min(...values) : Math.max(...values);
}
