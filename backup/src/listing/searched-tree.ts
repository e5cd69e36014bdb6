import type { ListedEntry } from "./listed-entry.ts";

/**
 * What a search found below one directory, in the directory's order: entries, and what was found below directories in it. Snapshots that
 * share a directory share this, so that many equal snapshots cost no more memory than one.
 */
export interface SearchedTree<Found> {
  readonly parts: (Found | SearchedTree<Found>)[];
}

function isSearchedTree<Found>(part: Found | SearchedTree<Found>): part is SearchedTree<Found> {
  return typeof part === "object" && part !== null && "parts" in part;
}

/** Everything found, in order. */
export function* foundIn<Found extends ListedEntry | object>(tree: SearchedTree<Found>): Generator<Found> {
  const stack = [{ tree, next: 0 }];
  for (;;) {
    const frame = stack.at(-1);
    if (frame === undefined) return;
    const part = frame.tree.parts[frame.next++];
    if (part === undefined) stack.pop();
    else if (isSearchedTree(part)) stack.push({ tree: part, next: 0 });
    else yield part;
  }
}
