import { type FilterNode, type Operator, RequestError } from "./request.ts";

/** Filters over each other deeper than this are refused: they are walked by recursion. */
const maximumDepth = 100;

interface Entry {
  readonly node: FilterNode;
  readonly depth: number;
}

/** Filters as headers put them: `Filter:` adds one, `And:` and `Or:` join the last ones, `Negate:` turns the last round. */
export class FilterStack {
  readonly #entries: Entry[] = [];

  push(node: FilterNode): void {
    this.#entries.push({ node, depth: 1 });
  }

  join(kind: "and" | "or", count: number): void {
    this.#need(count);
    const joined = this.#entries.splice(this.#entries.length - count, count);
    this.#pushDeep({ kind, of: joined.map((entry) => entry.node) }, joined);
  }

  negate(): void {
    this.#need(1);
    const negated = this.#entries.splice(-1, 1);
    for (const { node } of negated) this.#pushDeep({ kind: "not", of: node }, negated);
  }

  /** All that is left must hold. */
  result(): FilterNode {
    const [first, ...others] = this.#entries;
    if (first !== undefined && others.length === 0) return first.node;
    return { kind: "and", of: this.#entries.map((entry) => entry.node) };
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  #need(count: number): void {
    if (count <= this.#entries.length) return;
    throw new RequestError(400, `cannot combine ${count} filters, only ${this.#entries.length} were given before`);
  }

  #pushDeep(node: FilterNode, of: readonly Entry[]): void {
    const depth = 1 + of.reduce((deepest, entry) => Math.max(deepest, entry.depth), 0);
    if (depth > maximumDepth) throw new RequestError(413, `filters are nested deeper than ${maximumDepth}`);
    this.#entries.push({ node, depth });
  }
}

const operators: readonly Operator[] = ["=~", "~~", "<=", ">=", "=", "~", "<", ">"];

/** Reads `column operator value`; the value may be empty and hold anything. Throws RequestError. */
export function parseComparison(text: string): FilterNode {
  const match = /^\s*(\S+)\s+(\S+)\s*(.*)$/s.exec(text);
  if (match === null) throw new RequestError(400, `"${text}" is not a column, an operator and a value`);
  const [, column = "", word = "", value = ""] = match;
  const isNegated = word.startsWith("!");
  const operator = operators.find((known) => known === (isNegated ? word.slice(1) : word));
  if (operator === undefined) throw new RequestError(400, `"${word}" is no operator`);
  return { kind: "compare", column, operator, isNegated, value };
}
