import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import { findPath, type TreeSource } from "./find-path.ts";
import type { ListedEntry } from "./listed-entry.ts";
import { walkSnapshot } from "./walk-snapshot.ts";

export interface ListOptions {
  /** Where to list, absolute within the snapshot. Default: `/`, all of it. */
  readonly path?: ByteString;
  /** Directories below too. Default: only when no path is given, as restic's `ls`. */
  readonly isRecursive?: boolean;
  readonly signal?: AbortSignal;
}

/** The entries of a snapshot below a path, the path's own first, pre-order. Throws NotFoundError when there is no such path. */
export async function* listEntries(
  source: TreeSource,
  snapshot: { readonly tree: Id },
  options: ListOptions = {},
): AsyncGenerator<ListedEntry> {
  const found =
    options.path === undefined
      ? { path: undefined, node: null, tree: snapshot.tree }
      : await findPath(source, snapshot.tree, options.path, options.signal);
  if (found.node !== null) yield { path: found.path, node: found.node };
  if (found.tree === null) return;
  const isRecursive = options.isRecursive ?? options.path === undefined;
  yield* walkSnapshot(source, found.tree, {
    ...(found.path === undefined ? {} : { path: found.path }),
    shouldEnter: () => isRecursive,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}
