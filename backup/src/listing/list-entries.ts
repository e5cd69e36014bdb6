import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { ListedEntry } from "./listed-entry.ts";

export interface ListOptions {
  /** Where to list, absolute within the snapshot. Default: `/`, all of it. */
  readonly path?: ByteString;
  /** Directories below too. Default: only when no path is given, as restic's `ls`. */
  readonly isRecursive?: boolean;
  readonly signal?: AbortSignal;
}

/** The entries of a snapshot below a path, the path's own first, pre-order. Throws NotFoundError when there is no such path. */
export async function* listEntries(
  _repository: Repository,
  _snapshot: { readonly tree: Id },
  _options: ListOptions = {},
): AsyncGenerator<ListedEntry> {
  yield* [];
  throw new Error("listEntries: not built yet");
}
