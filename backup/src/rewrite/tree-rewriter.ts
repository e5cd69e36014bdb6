import { type Id, idOf } from "../blob/index.ts";
import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import { DamagedError, InputError, NotFoundError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import { encodeTree, type Node } from "../tree/index.ts";

/** What is left of a tree: its id, and how many files and bytes are in and below it, now and taken out. */
export interface RewrittenTree {
  readonly tree: Id;
  readonly files: number;
  readonly bytes: number;
  readonly removedEntries: number;
  readonly removedBytes: number;
}

export interface TreeRewriterOptions {
  readonly source: Pick<Repository, "loadTree">;
  readonly isExcluded: (path: ByteString) => boolean;
  /** Stores a tree, or only says what its id would be. */
  readonly storeTree: (nodes: readonly Node[]) => Id;
  /** Resolves when there is room for more. */
  readonly whenRoom: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** How much an entry is, with all below it. */
interface Extent {
  readonly entries: number;
  readonly bytes: number;
}

/** Rewrites trees without what is excluded. What was found for a path and tree serves later snapshots that have the same there. */
export class TreeRewriter {
  readonly #options: TreeRewriterOptions;
  readonly #known = new Map<string, RewrittenTree>();
  readonly #measured = new Map<Id, Extent>();

  constructor(options: TreeRewriterOptions) {
    this.#options = options;
  }

  /**
   * The tree without what is excluded. `path` is the tree's own; that of a root is empty. Throws DamagedError, and InputError for a tree
   * with fields that we do not know and would lose.
   */
  async rewrite(path: ByteString, id: Id): Promise<RewrittenTree> {
    const key = `${id}${path}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const rewritten = await this.#rewrite(path, id);
    this.#known.set(key, rewritten);
    return rewritten;
  }

  async #rewrite(path: ByteString, id: Id): Promise<RewrittenTree> {
    const { source, isExcluded, storeTree, whenRoom, signal } = this.#options;
    signal.throwIfAborted();
    const nodes = await source.loadTree(id, signal);
    const kept: Node[] = [];
    const sum = { files: 0, bytes: 0, removedEntries: 0, removedBytes: 0 };
    let isChanged = false;
    for (const node of nodes) {
      const nodePath = joinBytes(path, "/", node.name);
      if (isExcluded(nodePath)) {
        const removed = await this.#measure(node);
        sum.removedEntries += removed.entries;
        sum.removedBytes += removed.bytes;
        isChanged = true;
        continue;
      }
      if (node.type !== "dir") {
        if (node.type === "file") sum.files += 1;
        sum.bytes += node.size ?? 0;
        kept.push(node);
        continue;
      }
      if (node.subtree === undefined) throw new DamagedError(`tree ${id}`, `${displayText(nodePath)} has no subtree`);
      const below = await this.rewrite(nodePath, node.subtree);
      sum.files += below.files;
      sum.bytes += below.bytes;
      sum.removedEntries += below.removedEntries;
      sum.removedBytes += below.removedBytes;
      isChanged ||= below.tree !== node.subtree;
      kept.push(below.tree === node.subtree ? node : { ...node, subtree: below.tree });
    }
    if (!isChanged) return { tree: id, ...sum };
    if (idOf(encodeTree(nodes)) !== id) {
      throw new InputError(
        `${displayText(path) || "/"}: this directory (tree ${id}) has fields that would be lost if it was written again; exclude all of it, or none`,
      );
    }
    await whenRoom();
    return { tree: storeTree(kept), ...sum };
  }

  /** What goes with an entry. A directory that cannot be read counts as one: taking it out is a way to be rid of it. */
  async #measure(node: Node): Promise<Extent> {
    const { source, signal } = this.#options;
    if (node.type !== "dir" || node.subtree === undefined) return { entries: 1, bytes: node.size ?? 0 };
    const known = this.#measured.get(node.subtree);
    if (known !== undefined) return known;
    let [entries, bytes] = [1, 0];
    try {
      for (const child of await source.loadTree(node.subtree, signal)) {
        const below = await this.#measure(child);
        entries += below.entries;
        bytes += below.bytes;
      }
    } catch (error) {
      if (!(error instanceof DamagedError) && !(error instanceof NotFoundError)) throw error;
    }
    this.#measured.set(node.subtree, { entries, bytes });
    return { entries, bytes };
  }
}
