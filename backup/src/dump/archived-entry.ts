import type { Id } from "../blob/index.ts";
import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { findPath, type TreeSource, walkSnapshot } from "../listing/index.ts";
import type { Node } from "../tree/index.ts";

/** An entry of an archive: relative to a folder above it; restic names entries relative to the root of the snapshot. */
export interface ArchivedEntry {
  readonly path: ByteString;
  readonly node: Node;
  /** The path in the archive of which this is a hard link; null when it has its own content. */
  readonly linkOf: ByteString | null;
}

export interface ArchiveSelection {
  /** Absolute within the snapshot. None lies below another. */
  readonly paths: readonly ByteString[];
  /** A folder above all of them, which names in the archive are relative to; empty for the root. */
  readonly base: ByteString;
}

/** What an archive of some paths has: each path itself and everything below it. */
export async function* archivedEntries(
  source: TreeSource,
  tree: Id,
  { paths, base }: ArchiveSelection,
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchivedEntry> {
  const firsts = new Map<string, ByteString>();
  const archived = (entryPath: ByteString, node: Node): ArchivedEntry => {
    const relative = joinBytes(entryPath.slice(base.length + 1));
    const isLink = (node.links ?? 1) > 1 && node.inode !== undefined && node.type !== "dir";
    if (!isLink) return { path: relative, node, linkOf: null };
    const key = `${node.type}:${node.deviceId ?? ""}:${node.inode}`;
    const linkOf = firsts.get(key) ?? null;
    if (linkOf === null) firsts.set(key, relative);
    return { path: relative, node, linkOf };
  };
  for (const path of paths) {
    const found = await findPath(source, tree, path, signal);
    if (found.node !== null) yield archived(found.path, found.node);
    if (found.tree === null) continue;
    const options = { path: found.path, ...(signal === undefined ? {} : { signal }) };
    for await (const entry of walkSnapshot(source, found.tree, options)) yield archived(entry.path, entry.node);
  }
}
