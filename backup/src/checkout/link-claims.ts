import type { FileStat } from "../filesystem/index.ts";
import type { Node } from "../tree/index.ts";

/** Which entries that are there may stay the names of one inode that they are: those that are so in the snapshot, too. */
export class LinkClaims {
  /** The inode of each group of names in the snapshot; null: it gets a new one. */
  readonly #groups = new Map<string, string | null>();
  readonly #claimed = new Set<string>();

  /** Whether a node is one of several names; such ones are to be decided one after the other. */
  isOfGroup(node: Node): boolean {
    return groupOf(node) !== null;
  }

  /** Whether an entry is a name of the inode that it should be a name of. */
  isRight(node: Node, stat: FileStat): boolean {
    const identity = identityOf(stat);
    const group = groupOf(node);
    const known = group === null ? undefined : this.#groups.get(group);
    if (known !== undefined) return known === identity;
    return stat.links <= 1 || !this.#claimed.has(identity);
  }

  /** The first name of a group stays, or (null) is made anew. */
  settle(node: Node, stat: FileStat | null): void {
    const group = groupOf(node);
    const identity = stat === null ? null : identityOf(stat);
    if (identity !== null && stat !== null && stat.links > 1) this.#claimed.add(identity);
    if (group !== null && !this.#groups.has(group)) this.#groups.set(group, identity);
  }
}

function identityOf({ deviceId, inode }: FileStat): string {
  return `${deviceId}:${inode}`;
}

function groupOf(node: Node): string | null {
  if ((node.links ?? 1) <= 1 || node.inode === undefined || node.type === "dir") return null;
  return `${node.type}:${node.deviceId ?? ""}:${node.inode}`;
}
