import type { Id } from "../blob/index.ts";
import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { findPath, type TreeSource, walkSnapshot } from "../listing/index.ts";
import type { Node } from "../tree/index.ts";

/** An entry of an archive: relative to the root of the snapshot, as restic names them. */
export interface ArchivedEntry {
  readonly path: ByteString;
  readonly node: Node;
  /** The path in the archive of which this is a hard link; null when it has its own content. */
  readonly linkOf: ByteString | null;
}

/** What an archive of a path has: the path itself and everything below it. */
export async function* archivedEntries(
  source: TreeSource,
  tree: Id,
  path: ByteString,
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchivedEntry> {
  const found = await findPath(source, tree, path, signal);
  const firsts = new Map<string, ByteString>();
  const archived = (entryPath: ByteString, node: Node): ArchivedEntry => {
    const relative = joinBytes(entryPath.slice(1));
    const isLink = (node.links ?? 1) > 1 && node.inode !== undefined && node.type !== "dir";
    if (!isLink) return { path: relative, node, linkOf: null };
    const key = `${node.type}:${node.deviceId ?? ""}:${node.inode}`;
    const linkOf = firsts.get(key) ?? null;
    if (linkOf === null) firsts.set(key, relative);
    return { path: relative, node, linkOf };
  };
  if (found.node !== null) yield archived(found.path, found.node);
  if (found.tree === null) return;
  const options = { path: found.path, ...(signal === undefined ? {} : { signal }) };
  for await (const entry of walkSnapshot(source, found.tree, options)) yield archived(entry.path, entry.node);
}
