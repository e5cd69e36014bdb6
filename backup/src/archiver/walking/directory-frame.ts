import type { ByteString } from "../../byte-string/index.ts";
import type { Directory } from "../../filesystem/index.ts";
import type { Node } from "../../tree/index.ts";

/** A directory while it is walked: its entries so far, and the parent snapshot's beside it. */
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
   * The parent snapshot's tree as it is written, when all but the directories was found to be as there: `previousNodes` and `nodes` are
   * these directories only.
   */
  unchangedTree: Uint8Array | null = null;
  /** The device of the target that this was reached from. */
  readonly deviceId: bigint;
  /** Entries by their place; null where one was left out, or is not done yet. */
  readonly nodes: (Node | null)[] = [];
  /** Entries that are not done yet. */
  pending = 0;
  isWalked = false;
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

  /** Makes room for an entry that will be done later. */
  reserve(): number {
    this.pending += 1;
    return this.nodes.push(null) - 1;
  }

  /** An entry that was reserved is done; null when it is left out. */
  fill(slot: number, node: Node | null): void {
    this.nodes[slot] = node;
    this.pending -= 1;
  }

  get isDone(): boolean {
    return this.isWalked && this.pending === 0;
  }

  /** Whether every entry is the very node that the parent snapshot has, so that the tree is the same too. */
  isTreeSame(nodes: readonly Node[]): boolean {
    const previous = this.previousNodes;
    return (
      previous !== null && previous.length === nodes.length && previous.every((node, index) => node === nodes[index])
    );
  }
}
