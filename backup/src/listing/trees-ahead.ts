import type { Id } from "../blob/index.ts";
import type { Node } from "../tree/index.ts";
import type { TreeSource } from "./find-path.ts";

/** Directories loaded ahead of a walk, among siblings and in all. Enough to hide a server's latency; a directory may be large. */
const aheadOfSiblings = 8;
const aheadInAll = 48;

/** Loads the directories a walk comes to next while it is busy with earlier ones. */
export class TreesAhead {
  readonly #source: TreeSource;
  readonly #signal: AbortSignal | undefined;
  readonly #loading = new Map<Id, Promise<readonly Node[]>>();

  constructor(source: TreeSource, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
  }

  /** The directory of that id. Throws as `loadTree` does. */
  take(id: Id): Promise<readonly Node[]> {
    const loading = this.#loading.get(id);
    this.#loading.delete(id);
    return loading ?? this.#source.loadTree(id, this.#signal);
  }

  /** Begins loading the next directories among these nodes, from `start` on, that `isNeeded`. Cheap to call again. */
  want(nodes: readonly Node[], start: number, isNeeded: (node: Node) => boolean = () => true): void {
    let seen = 0;
    // Not further than a few hundred names: in a directory of 100,000 files each call would else look at all of them.
    for (let at = start; at < nodes.length && at < start + 256 && seen < aheadOfSiblings; at++) {
      const node = nodes[at];
      const subtree = node?.type === "dir" ? node.subtree : undefined;
      if (node === undefined || subtree === undefined || !isNeeded(node)) continue;
      seen++;
      if (this.#loading.has(subtree)) continue;
      if (this.#loading.size >= aheadInAll) return;
      const loading = this.#source.loadTree(subtree, this.#signal);
      // Whoever takes it sees the error; nobody may ever take it.
      loading.catch(() => {});
      this.#loading.set(subtree, loading);
    }
  }
}
