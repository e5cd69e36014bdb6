import type { EntryChange } from "@mycloud/protocol/snapshot-view";
import { childOf } from "./view-address.ts";

/** A folder or file in which something changed, with the sums of what is below. */
export interface ChangeNode {
  readonly name: string;
  readonly path: string;
  /** What became of it itself; null of a folder in which only something below changed. */
  readonly change: EntryChange["change"] | null;
  readonly added: number;
  readonly removed: number;
  readonly modified: number;
  /** Bytes more than before, or fewer. */
  readonly bytes: number;
  readonly children: readonly ChangeNode[];
}

interface Draft {
  readonly name: string;
  readonly path: string;
  own: EntryChange | null;
  readonly children: Map<string, Draft>;
}

/** Changes as a tree of folders; what has most changes comes first. Pure. */
export function changeTree(changes: readonly EntryChange[], top: string): ChangeNode {
  const root: Draft = { name: top, path: top, own: null, children: new Map() };
  for (const change of changes) {
    const below = top === "/" ? change.path.slice(1) : change.path.slice(top.length + 1);
    let at = root;
    for (const name of below.split("/").filter((part) => part !== "")) {
      let next = at.children.get(name);
      if (next === undefined) {
        next = { name, path: childOf(at.path, name), own: null, children: new Map() };
        at.children.set(name, next);
      }
      at = next;
    }
    at.own = change;
  }
  return finished(root);
}

function finished({ name, path, own, children: drafts }: Draft): ChangeNode {
  const children = [...drafts.values()]
    .map(finished)
    .sort((a, b) => weight(b) - weight(a) || (a.name < b.name ? -1 : 1));
  const isFile = own !== null && own.type !== "dir";
  const total = { added: 0, removed: 0, modified: 0, bytes: isFile ? (own.toBytes ?? 0) - (own.fromBytes ?? 0) : 0 };
  if (isFile) total[own.change === "added" || own.change === "removed" ? own.change : "modified"] = 1;
  for (const child of children) {
    total.added += child.added;
    total.removed += child.removed;
    total.modified += child.modified;
    total.bytes += child.bytes;
  }
  return { name, path, change: own?.change ?? null, ...total, children };
}

function weight({ added, removed, modified }: ChangeNode): number {
  return added + removed + modified;
}
