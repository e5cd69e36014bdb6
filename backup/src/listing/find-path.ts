import type { Id } from "../blob/index.ts";
import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import { InputError, NotFoundError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Node } from "../tree/index.ts";

/** Where directories are read from. */
export interface TreeSource extends Pick<Repository, "loadTree"> {
  /** What a directory has under a name, or null; for sources that know without decoding all of it. */
  readonly findNode?: (tree: Id, name: ByteString, signal?: AbortSignal) => Promise<Node | null>;
}

/** What lies at a path: the root of the snapshot (a tree without a node) or an entry. The path is absolute, that of the root is empty. */
export type FoundPath =
  | { readonly path: ByteString; readonly node: null; readonly tree: Id }
  | { readonly path: ByteString; readonly node: Node; readonly tree: Id | null };

/** Resolves a path within a tree (`ID:sub/folder`, with or without slashes at its ends). Throws NotFoundError that names the component. */
export async function findPath(
  source: TreeSource,
  root: Id,
  path: ByteString,
  signal?: AbortSignal,
): Promise<FoundPath> {
  let found: FoundPath = { path: joinBytes(""), node: null, tree: root };
  for (const name of pathNames(path)) {
    if (found.tree === null) {
      throw new NotFoundError(
        `${displayText(found.path)} is no directory, so ${displayText(path)} is not in the snapshot`,
      );
    }
    const node: Node | null = await childOf(source, found.tree, name, signal);
    const childPath = joinBytes(found.path, "/", name);
    if (node === null) throw new NotFoundError(`${displayText(childPath)} is not in the snapshot`);
    found = { path: childPath, node, tree: node.type === "dir" ? (node.subtree ?? null) : null };
  }
  return found;
}

async function childOf(source: TreeSource, tree: Id, name: ByteString, signal: AbortSignal | undefined) {
  if (source.findNode !== undefined) return await source.findNode(tree, name, signal);
  return findName(await source.loadTree(tree, signal), name);
}

/** The names on a path. Empty ones and "." mean nothing; throws InputError for "..", which could mean two things. */
export function pathNames(path: ByteString): readonly ByteString[] {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (names.includes("..")) {
    throw new InputError(`${displayText(path)} has ".." in it; write the path within the snapshot without it`);
  }
  return names.map((name) => joinBytes(name));
}

/** The node of a name in a directory. By halving, since a tree is sorted: it may have 100,000 entries. */
export function findName(nodes: readonly Node[], name: ByteString): Node | null {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const node = nodes[middle];
    if (node === undefined) return null;
    if (node.name === name) return node;
    if (node.name < name) low = middle + 1;
    else high = middle;
  }
  return null;
}
