import type { ByteString } from "../../byte-string/index.ts";
import type { Directory } from "../../filesystem/index.ts";
import { decodeTree, type Node, TreeEncoder, TreeMemory } from "../../tree/index.ts";

/** How many nodes of entries wait for one before them, over all frames of a walk. */
export interface WaitingNodes {
  count: number;
}

/**
 * A directory while it is walked: its tree so far, and the parent snapshot's beside it. Entries are done in any order; their nodes are kept
 * only until those before them are done and they can be written.
 */
export class DirectoryFrame {
  /** Null for the top of the snapshot, which is no directory of the system. */
  readonly parent: DirectoryFrame | null;
  readonly slot: number;
  /** For people and patterns: absolute. */
  readonly path: ByteString;
  readonly directory: Directory | null;
  /** The directory's own node, but for its subtree. */
  readonly node: Node | null;
  readonly previous: Node | null;
  /** The parent snapshot's entries of it, sorted; null when there are none, or not loaded yet. */
  previousNodes: readonly Node[] | null = null;
  /**
   * The parent snapshot's tree as it is written, when all but the directories was found to be as there: `previousNodes` and the
   * entries that are given to it are these directories only.
   */
  unchangedTree: Uint8Array | null = null;
  /** The device of the target that this was reached from. */
  readonly deviceId: bigint;
  readonly waiting: WaitingNodes;
  /** For the trees of all frames of a walk. */
  readonly #treeMemory: TreeMemory;
  isWalked = false;
  /** Entries that are not written yet, in order; undefined where one is not done. */
  #unwritten: (Node | null | undefined)[] = [];
  /** The slot of the first of them. */
  #firstSlot = 0;
  #pending = 0;
  /** So many of the first entries are the very nodes that the parent snapshot begins with; they are not written until another follows. */
  #sameCount = 0;
  #encoder: TreeEncoder | null = null;
  /** Entries of a directory of which all others are in `unchangedTree`. */
  readonly #directories: Node[] = [];
  #cursor = 0;

  constructor(
    fields: Pick<DirectoryFrame, "parent" | "slot" | "path" | "directory" | "node" | "previous" | "deviceId">,
  ) {
    this.parent = fields.parent;
    this.slot = fields.slot;
    this.path = fields.path;
    this.directory = fields.directory;
    this.node = fields.node;
    this.previous = fields.previous;
    this.deviceId = fields.deviceId;
    this.waiting = fields.parent?.waiting ?? { count: 0 };
    this.#treeMemory = fields.parent === null ? new TreeMemory() : fields.parent.#treeMemory;
  }

  /** The parent snapshot's node of that name. Names must be asked for in ascending order: both sides are sorted. */
  findPrevious(name: ByteString): Node | null {
    const nodes = this.previousNodes;
    if (nodes === null) return null;
    while (this.#cursor < nodes.length) {
      const node = nodes[this.#cursor];
      if (node === undefined || node.name > name) return null;
      this.#cursor += 1;
      if (node.name === name) return node;
    }
    return null;
  }

  /** Takes an entry that is done. */
  add(node: Node): void {
    this.#pending += 1;
    this.fill(this.#addSlot(), node);
  }

  /** Makes room for an entry that will be done later. */
  reserve(): number {
    this.#pending += 1;
    return this.#addSlot();
  }

  /** An entry that was reserved is done; null when it is left out. */
  fill(slot: number, node: Node | null): void {
    this.#unwritten[slot - this.#firstSlot] = node;
    this.#pending -= 1;
    this.waiting.count += 1;
    let done = 0;
    for (; done < this.#unwritten.length; done++) {
      const next = this.#unwritten[done];
      if (next === undefined) break;
      if (next !== null) this.#write(next);
    }
    if (done === 0) return;
    this.#unwritten.splice(0, done);
    this.#firstSlot += done;
    this.waiting.count -= done;
  }

  get isDone(): boolean {
    return this.isWalked && this.#pending === 0;
  }

  /** Whether nothing is in it. */
  get isEmpty(): boolean {
    return this.#encoder === null && this.#sameCount === 0 && this.#directories.length === 0;
  }

  /** Whether every entry is the very node that the parent snapshot has, so that the tree is the same too. */
  get isTreeSame(): boolean {
    const previous = this.previousNodes;
    if (previous === null) return false;
    if (this.unchangedTree === null) return this.#encoder === null && this.#sameCount === previous.length;
    return previous.length === this.#directories.length && previous.every((node, at) => node === this.#directories[at]);
  }

  /** The tree of a frame that is done, once. */
  takeTree(): TreeEncoder {
    if (this.unchangedTree === null) return this.#encoder ?? this.#beginTree();
    const tree = new TreeEncoder(this.#treeMemory);
    for (const node of withDirectories(this.unchangedTree, this.previousNodes ?? [], this.#directories)) tree.add(node);
    return tree;
  }

  #addSlot(): number {
    return this.#firstSlot + this.#unwritten.push(undefined) - 1;
  }

  #write(node: Node): void {
    if (this.unchangedTree !== null) {
      this.#directories.push(node);
    } else if (this.#encoder === null && this.previousNodes?.[this.#sameCount] === node) {
      this.#sameCount += 1;
    } else {
      this.#encoder ??= this.#beginTree();
      this.#encoder.add(node);
    }
  }

  #beginTree(): TreeEncoder {
    const tree = new TreeEncoder(this.#treeMemory);
    for (const node of this.previousNodes?.slice(0, this.#sameCount) ?? []) tree.add(node);
    return tree;
  }
}

/** The nodes of a directory in which only these entries, its directories, may have changed. */
function withDirectories(
  tree: Uint8Array,
  previousDirectories: readonly Node[],
  directories: readonly Node[],
): readonly Node[] {
  const visited = new Set(previousDirectories.map(({ name }) => name));
  const others = decodeTree(tree).filter(({ name }) => !visited.has(name));
  return [...others, ...directories].sort((a, b) => (a.name < b.name ? -1 : 1));
}
