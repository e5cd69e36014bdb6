import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { ListedEntry } from "./listed-entry.ts";

export interface WalkOptions {
  /** The path of the tree itself, which its entries' paths begin with. Default: empty, so that they begin with `/`. */
  readonly path?: ByteString;
  /** Whether to go into a directory. Default: into all. */
  readonly shouldEnter?: (entry: ListedEntry) => boolean;
  /**
   * Called when a directory cannot be read, with its path and the error; the walk goes on beside it. Default: the walk throws.
   */
  readonly onUnreadable?: (path: ByteString, error: unknown) => void;
  readonly signal?: AbortSignal;
}

/** Every entry below a tree, pre-order, in the trees' own order. Directories ahead are loaded while earlier ones are consumed. */
export async function* walkSnapshot(
  _repository: Repository,
  _tree: Id,
  _options: WalkOptions = {},
): AsyncGenerator<ListedEntry> {
  yield* [];
  throw new Error("walkSnapshot: not built yet");
}
