import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Node } from "../tree/index.ts";

/** What lies at a path: the root of the snapshot (a tree without a node) or an entry. */
export type FoundPath =
  | { readonly path: ByteString; readonly node: null; readonly tree: Id }
  | { readonly path: ByteString; readonly node: Node; readonly tree: Id | null };

/** Resolves a path within a tree (`ID:sub/folder`, with or without slashes at its ends). Throws NotFoundError that names the component. */
export async function findPath(
  _repository: Repository,
  _tree: Id,
  _path: ByteString,
  _signal?: AbortSignal,
): Promise<FoundPath> {
  throw new Error("findPath: not built yet");
}
