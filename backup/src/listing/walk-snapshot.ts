import type { Id } from "../blob/index.ts";
import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import type { Node } from "../tree/index.ts";
import type { TreeSource } from "./find-path.ts";
import type { ListedEntry } from "./listed-entry.ts";
import { TreesAhead } from "./trees-ahead.ts";

export interface WalkOptions {
  /** The path of the tree itself, which its entries' paths begin with. Default: empty, so that they begin with `/`. */
  readonly path?: ByteString;
  /** Whether to go into a directory. Default: into all. */
  readonly shouldEnter?: (entry: ListedEntry) => boolean;
  /** Told of a directory that cannot be read, and why; the walk goes on beside it. Default: the walk throws. */
  readonly onUnreadable?: (path: ByteString, error: unknown) => void;
  readonly signal?: AbortSignal;
}

interface Frame {
  readonly path: ByteString;
  readonly nodes: readonly Node[];
  next: number;
}

/** Every entry below a tree, pre-order, in the trees' own order. Directories ahead are loaded while earlier ones are consumed. */
export async function* walkSnapshot(
  source: TreeSource,
  tree: Id,
  options: WalkOptions = {},
): AsyncGenerator<ListedEntry> {
  const ahead = new TreesAhead(source, options.signal);
  // A stack of our own rather than a generator for each level: each entry would else pass through as many as it is deep.
  const stack: Frame[] = [];
  const root = await openFrame(ahead, options.path ?? joinBytes(""), tree, options);
  if (root !== null) stack.push(root);
  for (;;) {
    const frame = stack.at(-1);
    if (frame === undefined) return;
    const node = frame.nodes[frame.next++];
    if (node === undefined) {
      stack.pop();
      continue;
    }
    const entry = { path: joinBytes(frame.path, "/", node.name), node };
    yield entry;
    if (node.type !== "dir" || !(options.shouldEnter?.(entry) ?? true)) continue;
    ahead.want(frame.nodes, frame.next);
    const below = await openFrame(ahead, entry.path, node.subtree, options);
    if (below !== null) stack.push(below);
  }
}

/** Null when the directory cannot be read and the caller was told so. */
async function openFrame(
  ahead: TreesAhead,
  path: ByteString,
  tree: Id | undefined,
  options: WalkOptions,
): Promise<Frame | null> {
  options.signal?.throwIfAborted();
  try {
    if (tree === undefined) throw new DamagedError("tree", "a directory has no subtree");
    const nodes = await ahead.take(tree);
    ahead.want(nodes, 0);
    return { path, nodes, next: 0 };
  } catch (error) {
    if (options.onUnreadable === undefined || !isAboutOneObject(error)) throw error;
    options.onUnreadable(path, error);
    return null;
  }
}

/** Whether something is wrong with one stored object, so that others may still be read. */
function isAboutOneObject(error: unknown): boolean {
  return error instanceof DamagedError || error instanceof NotFoundError;
}
