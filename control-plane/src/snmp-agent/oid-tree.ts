import type { BoundObject, BoundValue } from "../snmp-message/index.ts";

/** Objects of one kind: a scalar has the one instance 0, a column one for each row. */
export interface OidColumn {
  readonly oid: readonly number[];
  /** The instances, sorted; columns of one table share the list. */
  readonly indices: readonly (readonly number[])[];
  /** Makes the value of the instance at that place of the list, when it is asked for. */
  readonly valueAt: (at: number) => BoundValue;
}

/** What can be asked for, in the order of OIDs; values are made when they are asked for. */
export interface OidTree {
  get(oid: readonly number[]): BoundValue;
  /** What comes first after it; null at the end. */
  next(oid: readonly number[]): (BoundObject & { readonly numbers: readonly number[] }) | null;
}

/** Two lookups in sorted lists each: ten thousand rows are as quick as ten. Pure. */
export function createOidTree(columns: readonly OidColumn[]): OidTree {
  const sorted = columns.toSorted((a, b) => compare(a.oid, b.oid));
  return {
    get(oid) {
      const column = sorted[firstAfter(sorted.length, (at) => compare(sorted[at]?.oid ?? [], oid) <= 0) - 1];
      if (column === undefined || !begins(oid, column.oid)) return { type: "noSuchObject" };
      const index = oid.slice(column.oid.length);
      const at = firstAfter(column.indices.length, (each) => compare(column.indices[each] ?? [], index) < 0);
      if (compare(column.indices[at] ?? [], index) !== 0) return { type: "noSuchInstance" };
      return column.valueAt(at);
    },
    next(oid) {
      // The column that it may stand in is the last one that does not come after it.
      const from = Math.max(0, firstAfter(sorted.length, (at) => compare(sorted[at]?.oid ?? [], oid) <= 0) - 1);
      for (const column of sorted.slice(from)) {
        const isInside = begins(oid, column.oid);
        if (!isInside && compare(column.oid, oid) < 0) continue;
        const index = isInside ? oid.slice(column.oid.length) : [];
        const at = firstAfter(column.indices.length, (each) => compare(column.indices[each] ?? [], index) <= 0);
        const found = column.indices[at];
        if (found === undefined) continue;
        const numbers = [...column.oid, ...found];
        return { oid: numbers.join("."), numbers, bound: column.valueAt(at) };
      }
      return null;
    },
  };
}

/** How many of the first elements `isBefore` holds for; it holds for none after the first it does not hold for. */
function firstAfter(length: number, isBefore: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function begins(oid: readonly number[], prefix: readonly number[]): boolean {
  return oid.length > prefix.length && prefix.every((number, at) => oid[at] === number);
}

/** Below 0 when `a` comes first. Pure. */
export function compare(a: readonly number[], b: readonly number[]): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
