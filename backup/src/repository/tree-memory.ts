import type { Id } from "../blob/index.ts";
import type { Node } from "../tree/index.ts";

/** Trees that were loaded lately, up to a number of bytes (of their JSON); the least lately used go first. */
export class TreeMemory {
  readonly #trees = new Map<Id, { nodes: readonly Node[]; bytes: number }>();
  readonly #capacityBytes: number;
  #bytes = 0;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  get(id: Id): readonly Node[] | null {
    const tree = this.#trees.get(id);
    if (tree === undefined) return null;
    this.#trees.delete(id);
    this.#trees.set(id, tree);
    return tree.nodes;
  }

  /** A tree that would push out most others is not kept. */
  put(id: Id, nodes: readonly Node[], bytes: number): void {
    if (bytes > this.#capacityBytes / 4 || this.#trees.has(id)) return;
    this.#trees.set(id, { nodes, bytes });
    this.#bytes += bytes;
    for (const [oldest, tree] of this.#trees) {
      if (this.#bytes <= this.#capacityBytes) break;
      this.#trees.delete(oldest);
      this.#bytes -= tree.bytes;
    }
  }
}
