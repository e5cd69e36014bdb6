import type { Id } from "../blob/index.ts";
import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import { BlobBitmap, isAboutOneObject } from "../reachability/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Node } from "../tree/index.ts";

/** What was dropped or shortened, for people. */
export interface RepairChange {
  readonly path: string;
  readonly message: string;
}

/** A tree as it can be read, and what that took: the first changes, and how many there are. */
export interface RepairedTree {
  readonly newId: Id;
  readonly changes: readonly RepairChange[];
  readonly changeCount: number;
}

export interface TreeRepairOptions {
  /** Stores a tree and returns its id; with a dry run it only says the id. */
  readonly storeTree: (nodes: readonly Node[]) => Promise<Id>;
  readonly signal: AbortSignal;
}

/** Changes named for each tree; all are counted. */
const namedChanges = 100;

/**
 * Makes trees without what is lost: files keep the content there is, directories that cannot be read become empty. Each tree is repaired
 * once for all snapshots; what was done is told for each.
 */
export class TreeRepair {
  readonly #repository: Repository;
  readonly #options: TreeRepairOptions;
  readonly #sound: BlobBitmap;
  /** By their old ids; there are as many as there is damage. */
  readonly #repaired = new Map<Id, RepairedTree>();

  constructor(repository: Repository, options: TreeRepairOptions) {
    this.#repository = repository;
    this.#options = options;
    this.#sound = new BlobBitmap(repository.index);
  }

  /** Null when the tree itself cannot be read. */
  async repair(treeId: Id): Promise<RepairedTree | null> {
    if (this.#sound.has("tree", treeId)) return soundTree(treeId);
    const known = this.#repaired.get(treeId);
    if (known !== undefined) return known;
    const nodes = await this.#load(treeId);
    if (nodes === null) return null;
    const changes = new Changes();
    const repaired: Node[] = [];
    for (const node of nodes) {
      this.#options.signal.throwIfAborted();
      repaired.push(await this.#repairNode(node, changes));
    }
    if (changes.count === 0) {
      this.#sound.add("tree", treeId);
      return soundTree(treeId);
    }
    const newId = await this.#options.storeTree(repaired);
    const result = { newId, changes: changes.named, changeCount: changes.count };
    this.#repaired.set(treeId, result);
    return result;
  }

  async #load(treeId: Id): Promise<readonly Node[] | null> {
    try {
      return await this.#repository.loadTree(treeId, this.#options.signal);
    } catch (error) {
      if (isAboutOneObject(error)) return null;
      throw error;
    }
  }

  async #repairNode(node: Node, changes: Changes): Promise<Node> {
    if (node.type === "file") return this.#repairFile(node, changes);
    if (node.type !== "dir") return node;
    const below = node.subtree === undefined ? null : await this.repair(node.subtree);
    if (below === null) {
      changes.add({ path: pathOf(node.name), message: "cannot be read and becomes an empty directory" });
      return { ...node, subtree: await this.#options.storeTree([]) };
    }
    changes.addBelow(pathOf(node.name), below);
    return below.newId === node.subtree ? node : { ...node, subtree: below.newId };
  }

  #repairFile(node: Node, changes: Changes): Node {
    const { index } = this.#repository;
    const content: Id[] = [];
    let size = 0;
    for (const id of node.content ?? []) {
      const length = index.plaintextLength("data", id);
      if (length === null) continue;
      content.push(id);
      size += length;
    }
    const missing = (node.content?.length ?? 0) - content.length;
    if (missing === 0 && size === (node.size ?? 0)) return node;
    const message =
      missing === 0
        ? `its size becomes ${size} bytes, which it has, instead of ${node.size ?? 0}`
        : `loses ${missing} of ${node.content?.length ?? 0} pieces and keeps ${size} of ${node.size ?? 0} bytes`;
    changes.add({ path: pathOf(node.name), message });
    return { ...node, content, size };
  }
}

function pathOf(name: ByteString): string {
  return displayText(joinBytes("/", name));
}

function soundTree(treeId: Id): RepairedTree {
  return { newId: treeId, changes: [], changeCount: 0 };
}

/** Changes while they are collected. */
class Changes {
  readonly named: RepairChange[] = [];
  count = 0;

  add(change: RepairChange): void {
    this.count++;
    if (this.named.length < namedChanges) this.named.push(change);
  }

  addBelow(path: string, { changes, changeCount }: RepairedTree): void {
    this.count += changeCount;
    const room = namedChanges - this.named.length;
    for (const change of changes.slice(0, Math.max(0, room))) {
      this.named.push({ path: `${path}${change.path}`, message: change.message });
    }
  }
}
