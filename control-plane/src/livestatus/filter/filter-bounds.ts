import type { FilterNode } from "../request/index.ts";

/**
 * The values that a text or list column must have one of for a row to pass; null when the filter does not say. Lets a table look rows up
 * instead of trying all. Pure.
 */
export function wantedValues(filter: FilterNode, column: string, operator: "=" | ">="): ReadonlySet<string> | null {
  switch (filter.kind) {
    case "compare":
      return filter.column === column && filter.operator === operator && !filter.isNegated
        ? new Set([filter.value])
        : null;
    case "not":
      return null;
    case "and": {
      let smallest: ReadonlySet<string> | null = null;
      for (const one of filter.of) {
        const values = wantedValues(one, column, operator);
        if (values !== null && (smallest === null || values.size < smallest.size)) smallest = values;
      }
      return smallest;
    }
    case "or": {
      const all = new Set<string>();
      for (const one of filter.of) {
        const values = wantedValues(one, column, operator);
        if (values === null) return null;
        for (const value of values) all.add(value);
      }
      return all;
    }
  }
}

/** Between which seconds, both inclusive, a time column must be for a row to pass; infinite where the filter does not say. Pure. */
export function wantedRange(filter: FilterNode, column: string): { readonly from: number; readonly until: number } {
  const all = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  switch (filter.kind) {
    case "compare": {
      const value = Number(filter.value.trim());
      if (filter.column !== column || filter.isNegated || Number.isNaN(value)) return all;
      if (filter.operator === "=") return { from: value, until: value };
      if (filter.operator === ">" || filter.operator === ">=") return { ...all, from: value };
      if (filter.operator === "<" || filter.operator === "<=") return { ...all, until: value };
      return all;
    }
    case "not":
      return all;
    case "and": {
      const ranges = filter.of.map((one) => wantedRange(one, column));
      return {
        from: ranges.reduce((most, range) => Math.max(most, range.from), all.from),
        until: ranges.reduce((least, range) => Math.min(least, range.until), all.until),
      };
    }
    case "or": {
      if (filter.of.length === 0) return all;
      const ranges = filter.of.map((one) => wantedRange(one, column));
      return {
        from: ranges.reduce((least, range) => Math.min(least, range.from), Number.POSITIVE_INFINITY),
        until: ranges.reduce((most, range) => Math.max(most, range.until), Number.NEGATIVE_INFINITY),
      };
    }
  }
}

/** Names of the columns a filter looks at. Pure. */
export function columnsOf(filter: FilterNode): Set<string> {
  const names = new Set<string>();
  const waiting: FilterNode[] = [filter];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === "compare") names.add(node.column);
    else if (node.kind === "not") waiting.push(node.of);
    else for (const one of node.of) waiting.push(one);
  }
  return names;
}
