import type { Id } from "../blob/index.ts";
import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { DamagedError } from "../error/index.ts";
import type { Node } from "../tree/index.ts";
import type { TreeSource } from "./find-path.ts";
import type { ListedEntry } from "./listed-entry.ts";
import { foundIn, type SearchedTree } from "./searched-tree.ts";
import { TreesAhead } from "./trees-ahead.ts";

/** What is looked for, asked of every directory and entry once, whatever the number of snapshots that have it. */
export interface Search<Found extends object> {
  /** What there is to say of a directory by its id; also of a snapshot's root, whose node is null. */
  readonly onTree?: (tree: Id, path: ByteString, node: Node | null) => Found | null;
  readonly onEntry: (entry: ListedEntry) => readonly Found[];
  readonly shouldEnter: (path: ByteString) => boolean;
}

interface Frame<Found> {
  readonly path: ByteString;
  readonly nodes: readonly Node[];
  next: number;
  readonly result: SearchedTree<Found>;
}

/** Searches snapshot after snapshot; the same directory at the same path is searched once, and reported for each that has it. */
export class SnapshotSearch<Found extends object> {
  readonly #source: TreeSource;
  readonly #search: Search<Found>;
  readonly #signal: AbortSignal | undefined;
  readonly #searched = new Map<string, SearchedTree<Found>>();

  constructor(source: TreeSource, search: Search<Found>, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#search = search;
    this.#signal = signal;
  }

  /** What the snapshot with this root has, pre-order. Found while it is consumed. */
  async *in(root: Id): AsyncGenerator<Found> {
    const ahead = new TreesAhead(this.#source, this.#signal);
    const top: SearchedTree<Found> = { parts: [] };
    const stack: Frame<Found>[] = [];
    yield* this.#enter(stack, top, ahead, joinBytes(""), root, null);
    for (;;) {
      const frame = stack.at(-1);
      if (frame === undefined) return;
      const node = frame.nodes[frame.next++];
      if (node === undefined) {
        stack.pop();
        continue;
      }
      const entry = { path: joinBytes(frame.path, "/", node.name), node };
      for (const found of this.#search.onEntry(entry)) {
        frame.result.parts.push(found);
        yield found;
      }
      if (node.type !== "dir") continue;
      ahead.want(frame.nodes, frame.next, this.#isNew(frame.path));
      yield* this.#enter(stack, frame.result, ahead, entry.path, node.subtree, node);
    }
  }

  /** Whether a directory in this one would be read, for reading ahead. */
  #isNew(path: ByteString): (node: Node) => boolean {
    return ({ name, subtree }) => {
      const below = joinBytes(path, "/", name);
      return this.#search.shouldEnter(below) && !this.#searched.has(keyOf(subtree ?? "", below));
    };
  }

  /** Goes into a directory, or says again what was found there before. */
  async *#enter(
    stack: Frame<Found>[],
    above: SearchedTree<Found>,
    ahead: TreesAhead,
    path: ByteString,
    tree: Id | undefined,
    node: Node | null,
  ): AsyncGenerator<Found> {
    this.#signal?.throwIfAborted();
    if (tree === undefined) throw new DamagedError("tree", "a directory has no subtree");
    const itself = this.#search.onTree?.(tree, path, node) ?? null;
    if (itself !== null) {
      above.parts.push(itself);
      yield itself;
    }
    if (!this.#search.shouldEnter(path)) return;
    const key = keyOf(tree, path);
    const known = this.#searched.get(key);
    if (known !== undefined) {
      if (known.parts.length > 0) above.parts.push(known);
      yield* foundIn(known);
      return;
    }
    const result: SearchedTree<Found> = { parts: [] };
    const nodes = await ahead.take(tree);
    ahead.want(nodes, 0, this.#isNew(path));
    // Only whole results are remembered when another snapshot asks: this one is finished by then, since snapshots go one by one.
    this.#searched.set(key, result);
    above.parts.push(result);
    stack.push({ path, nodes, next: 0, result });
  }
}

/** By place as well: whether a path matches may depend on what it begins with. */
function keyOf(tree: Id, path: ByteString): string {
  return `${tree}${path}`;
}
