import type { Node } from "../tree/index.ts";
import type { RestoreDirectory } from "./restore-directory.ts";

/** Entries of the snapshot that are one inode: the first that is restored has the content, the others become names of it. */
export interface LinkGroup {
  readonly directory: RestoreDirectory;
  readonly node: Node;
  /** Null until the first one is done. */
  isRestored: boolean | null;
  readonly waiting: ((isRestored: boolean) => void)[];
}

/** Which entries are links of which. */
export class HardLinks {
  readonly #groups = new Map<string, LinkGroup>();
  readonly #claimed = new Map<string, LinkGroup>();

  /** The group of an entry that was met before, or null; null also for what has one name only. */
  find(node: Node): LinkGroup | null {
    const key = keyOf(node);
    return key === null ? null : (this.#groups.get(key) ?? null);
  }

  /** Makes an entry the first of its group; null when it has one name only. */
  begin(node: Node, directory: RestoreDirectory): LinkGroup | null {
    const key = keyOf(node);
    if (key === null) return null;
    const group: LinkGroup = { directory, node, isRestored: null, waiting: [] };
    this.#groups.set(key, group);
    return group;
  }

  /**
   * Whether an existing file of several names may stay: only as the first of a group whose other names it may have, and for one group.
   * Else what is done to it would be done to files that have nothing to do with it.
   */
  mayKeepInode(group: LinkGroup | null, identity: string): boolean {
    if (group === null || this.#claimed.has(identity)) return false;
    this.#claimed.set(identity, group);
    return true;
  }

  /** The first one is done. */
  settle(group: LinkGroup | null, isRestored: boolean): void {
    if (group === null) return;
    group.isRestored = isRestored;
    for (const tell of group.waiting) tell(isRestored);
    group.waiting.length = 0;
  }

  /** Resolves when the first one is done. */
  whenSettled(group: LinkGroup): Promise<boolean> {
    if (group.isRestored !== null) return Promise.resolve(group.isRestored);
    return new Promise((resolve) => group.waiting.push(resolve));
  }
}

function keyOf(node: Node): string | null {
  if ((node.links ?? 1) <= 1 || node.inode === undefined || node.type === "dir") return null;
  return `${node.type}:${node.deviceId ?? ""}:${node.inode}`;
}
