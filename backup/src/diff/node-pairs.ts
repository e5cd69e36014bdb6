import type { Node } from "../tree/index.ts";

/** Merges two sorted directories: entries of one name together. */
export function* nodePairs(left: readonly Node[], right: readonly Node[]): Generator<[Node | null, Node | null]> {
  let [at, other] = [0, 0];
  while (at < left.length || other < right.length) {
    const before = left[at] ?? null;
    const after = right[other] ?? null;
    if (before !== null && (after === null || before.name <= after.name)) at++;
    if (after !== null && (before === null || after.name <= before.name)) other++;
    if (before === null || after === null || before.name === after.name) yield [before, after];
    else if (before.name < after.name) yield [before, null];
    else yield [null, after];
  }
}
